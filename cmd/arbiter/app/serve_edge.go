package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"

	"arbiter/server/transport"
)

// edgeFlags are about what stands between the clients and the public port: TLS
// and proxies.
type edgeFlags struct {
	TLSCert       string   `group:"TLS and proxies" name:"tls-cert" placeholder:"FILE" help:"Certificate chain in PEM; then the public port speaks TLS only. Read again when it changes."`
	TLSKey        string   `group:"TLS and proxies" name:"tls-key" placeholder:"FILE" help:"Its key in PEM."`
	ACMEDomain    []string `group:"TLS and proxies" name:"acme-domain" placeholder:"NAME" help:"Names of this server that certificates are fetched for, in place of --tls-cert. The authority looks at port 443 of them, which has to lead here. Using it accepts the authority's terms."`
	ACMECache     string   `group:"TLS and proxies" name:"acme-cache" placeholder:"DIR" help:"Directory that keeps those certificates and their keys; made if it is missing."`
	ACMEDirectory string   `group:"TLS and proxies" name:"acme-directory" placeholder:"URL" help:"Another authority than Let's Encrypt."`

	TrustedProxies []string `group:"TLS and proxies" placeholder:"CIDR" help:"Networks of proxies that are believed about their clients' addresses, such as 10.0.0.0/8."`
	ProxyHeader    string   `group:"TLS and proxies" default:"x-forwarded-for" enum:"x-forwarded-for,forwarded" placeholder:"NAME" help:"The header they write, x-forwarded-for or forwarded. The other one is not believed."`
	ProxyProtocol  bool     `group:"TLS and proxies" help:"Their connections begin with the PROXY protocol, version 1 or 2."`

	rateFlags
}

func (f *edgeFlags) validate() error {
	var errs []error
	switch {
	case (f.TLSCert == "") != (f.TLSKey == ""):
		errs = append(errs, errors.New("--tls-cert and --tls-key belong together: give both"))
	case f.TLSCert != "" && len(f.ACMEDomain) > 0:
		errs = append(errs, errors.New("--tls-cert and --acme-domain are two ways to the same: give one"))
	}
	if len(f.ACMEDomain) > 0 && f.ACMECache == "" {
		errs = append(errs, errors.New("--acme-domain needs --acme-cache: authorities give out few certificates a week, so they must be kept"))
	}
	if len(f.ACMEDomain) == 0 && (f.ACMECache != "" || f.ACMEDirectory != "") {
		errs = append(errs, errors.New("--acme-cache and --acme-directory do nothing without --acme-domain: name the server"))
	}
	if f.ProxyProtocol && len(f.TrustedProxies) == 0 {
		errs = append(errs, errors.New("--proxy-protocol needs --trusted-proxies: name the networks that the proxies are in"))
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
			return nil, fmt.Errorf("--trusted-proxies: %q is no network: write it as 10.0.0.0/8 or 2001:db8::/32", text)
		}
		list = append(list, p)
	}
	return list, nil
}

// security reads the certificate, if there is one.
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
