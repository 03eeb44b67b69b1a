// Package clienttest is a small server for tests of clients: one match, as many
// seats as ask for one, no sockets and no clock. What it has to say it hands to
// a function, and time is passed to every call, so that tests run in virtual
// time. It does what the protocol asks of a server and checks what clients send.
package clienttest
