package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"

	"arbiter/server/transport"
)

// edgeFlags are TLS and proxies: what is between the clients and the public port.
type edgeFlags struct {
	TLSCert       string   `group:"TLS and proxies" name:"tls-cert" placeholder:"FILE" help:"Certificate chain in PEM. With it the public port accepts TLS only. Reloaded when the file changes."`
	TLSKey        string   `group:"TLS and proxies" name:"tls-key" placeholder:"FILE" help:"Private key of --tls-cert in PEM."`
	ACMEDomain    []string `group:"TLS and proxies" name:"acme-domain" placeholder:"NAME" help:"Host names of this server to get certificates for by ACME, instead of --tls-cert. The authority connects to port 443 of each name, which must lead to this server. By using this you accept the authority's terms."`
	ACMECache     string   `group:"TLS and proxies" name:"acme-cache" placeholder:"DIR" help:"Folder that keeps the ACME certificates and their keys. Created if missing."`
	ACMEDirectory string   `group:"TLS and proxies" name:"acme-directory" placeholder:"URL" help:"Directory URL of the ACME authority. Default: Let's Encrypt."`

	TrustedProxies []string `group:"TLS and proxies" placeholder:"CIDR" help:"Networks of the proxies whose word about clients is trusted, their addresses and whether they came by TLS, such as 10.0.0.0/8."`
	ProxyHeader    string   `group:"TLS and proxies" default:"x-forwarded-for" enum:"x-forwarded-for,forwarded" placeholder:"NAME" help:"Header in which trusted proxies write the client address: x-forwarded-for, with x-forwarded-proto beside it, or forwarded. The other one is ignored."`
	ProxyProtocol  bool     `group:"TLS and proxies" help:"Connections of trusted proxies begin with the PROXY protocol, version 1 or 2."`

	rateFlags
}

func (f *edgeFlags) validate() error {
	var errs []error
	switch {
	case (f.TLSCert == "") != (f.TLSKey == ""):
		errs = append(errs, errors.New("--tls-cert and --tls-key belong together: give both"))
	case f.TLSCert != "" && len(f.ACMEDomain) > 0:
		errs = append(errs, errors.New("--tls-cert and --acme-domain exclude each other: give one of them"))
	}
	if len(f.ACMEDomain) > 0 && f.ACMECache == "" {
		errs = append(errs, errors.New("--acme-domain needs --acme-cache: authorities issue few certificates a week, so they must be kept: name a folder"))
	}
	if len(f.ACMEDomain) == 0 && (f.ACMECache != "" || f.ACMEDirectory != "") {
		errs = append(errs, errors.New("--acme-cache and --acme-directory have no effect without --acme-domain: give the server's host name"))
	}
	if f.ProxyProtocol && len(f.TrustedProxies) == 0 {
		errs = append(errs, errors.New("--proxy-protocol needs --trusted-proxies: give the networks of the proxies"))
	}
	_, err := f.networks()
	return errors.Join(append(errs, err, f.rateFlags.validate())...)
}

// networks reads --trusted-proxies; an address is the network of itself.
func (f *edgeFlags) networks() ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, text := range f.TrustedProxies {
		if a, err := netip.ParseAddr(text); err == nil {
			list = append(list, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: %q is not a network: write it as 10.0.0.0/8 or 2001:db8::/32", text)
		}
		list = append(list, p)
	}
	return list, nil
}

// security loads the certificate, if there is one.
func (f *edgeFlags) security(log *slog.Logger) (transport.Security, error) {
	s := transport.Security{ProxyProtocol: f.ProxyProtocol, ProxyHeader: transport.XForwardedFor}
	if f.ProxyHeader == "forwarded" {
		s.ProxyHeader = transport.Forwarded
	}
	var err error
	if s.TrustedProxies, err = f.networks(); err != nil {
		return s, err
	}
	switch {
	case f.TLSCert != "":
		s.TLS, err = transport.LoadCertFiles(f.TLSCert, f.TLSKey, log)
	case len(f.ACMEDomain) > 0:
		if err = os.MkdirAll(f.ACMECache, 0o700); err == nil {
			s.TLS, err = transport.NewACME(transport.ACMEConfig{Domains: f.ACMEDomain, Cache: f.ACMECache, Directory: f.ACMEDirectory})
		}
	}
	if err != nil {
		return transport.Security{}, err
	}
	return s, nil
}

// schemes are how the public port's addresses begin.
func (f *edgeFlags) schemes() (ws, web string) {
	if f.TLSCert != "" || len(f.ACMEDomain) > 0 {
		return "wss", "https"
	}
	return "ws", "http"
}
