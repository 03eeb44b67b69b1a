package app

import (
	"errors"

	"arbiter/server/webhook"
)

// webhookFlags say where results of matches are sent.
type webhookFlags struct {
	Webhook       string `group:"Matches" placeholder:"URL" help:"URL that receives the result of each finished match in a signed POST request, retried until it is accepted."`
	WebhookSecret string `group:"Matches" placeholder:"SECRET" help:"Secret that signs those requests, at least 16 bytes. Prefer ARBITER_WEBHOOK_SECRET: other users of this machine can see command lines."`
}

func (f *webhookFlags) validate() error {
	switch {
	case f.Webhook == "" && f.WebhookSecret == "":
		return nil
	case f.Webhook == "":
		return errors.New("--webhook-secret has no effect without --webhook: give the URL of the receiver")
	case f.WebhookSecret == "":
		return errors.New("--webhook needs a secret that signs its requests: set ARBITER_WEBHOOK_SECRET, for example to the output of openssl rand -hex 32")
	}
	c := f.config()
	return c.Check()
}

func (f *webhookFlags) config() webhook.Config {
	return webhook.Config{URL: f.Webhook, Secret: f.WebhookSecret}
}
