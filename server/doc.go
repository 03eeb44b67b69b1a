// Package server is a game server that can be embedded: it hosts matches and
// gives them a public port, with WebSockets for players and an HTTP API, and a
// port for operators.
//
// # Model
//
// A [Server] has one public port, on which package transport carries WebSocket
// messages and net/http answers everything else, and one port for operators, with
// metrics, health, profiles and the moderation of players.
//
// Matches are run by package match, whose documentation tells what a match, a
// seat, a session, a roster and a tick are. This package is its face. It checks
// tokens before a connection is upgraded, turns requests into calls of the
// engine, and the engine's refusals into problems (RFC 9457) that say what to
// do. Results of matches go to a webhook.
//
// A player gets into a match in one of two ways: by opening a WebSocket at
// /play?game=NAME, which takes a seat in the fullest open match or begins one; or
// with a join token for a seat that was reserved for them, by POST /v1/play, by
// POST /v1/matches/ID/join, or by a back end or matchmaking, which calls
// [Server.Begin] and [Server.Reserve].
//
// # Duties of the caller
//
// Fill a [Config], call [New], then serve with [Server.Run], which ends by its
// context or by [Server.Shutdown] and drains the matches first. For TLS set
// [Config].Security, or terminate it in front. Without [Config].Keys the server
// makes a key of its own, hands out guest tokens to anybody who asks, and binds to
// loopback only.
package server
