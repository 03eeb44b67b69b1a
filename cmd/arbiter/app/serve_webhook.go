package app

import (
	"errors"

	"arbiter/server/webhook"
)

// webhookFlags say who is told the results of matches.
type webhookFlags struct {
	Webhook       string `group:"Matches" placeholder:"URL" help:"Address that gets the result of each finished match in a signed POST, tried again until it is taken."`
	WebhookSecret string `group:"Matches" placeholder:"SECRET" help:"What those are signed with, at least 16 bytes. Other users of this machine see what is typed here: prefer ARBITER_WEBHOOK_SECRET."`
}

func (f *webhookFlags) validate() error {
	switch {
	case f.Webhook == "" && f.WebhookSecret == "":
		return nil
	case f.Webhook == "":
		return errors.New("--webhook-secret signs nothing without --webhook")
	case f.WebhookSecret == "":
		return errors.New("--webhook needs a secret to sign with: set ARBITER_WEBHOOK_SECRET, for example to what openssl rand -hex 32 prints")
	}
	c := f.config()
	return c.Check()
}

func (f *webhookFlags) config() webhook.Config {
	return webhook.Config{URL: f.Webhook, Secret: f.WebhookSecret}
}
