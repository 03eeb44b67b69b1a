// Package view is the client's half of state sync: a [View] applies the snapshots
// that a server sends and holds the state they lead to. Package replicate is the
// other half; package netcode specifies the bytes. There is no I/O, no goroutine
// and no clock here.
//
// # Model
//
// [View.Apply] decodes one snapshot message: it copies the baseline that the
// snapshot names, applies the difference, and makes the result the newest [Frame].
// The [Update] it returns says what came besides state: events, which of the
// client's inputs the server has applied, and by how much the newest was early.
// Frames stay as they are for as long as the view keeps them, at least
// [netcode.MinFrames] − 1 snapshots, so that two of them can be interpolated
// between and predictions be compared with them.
//
// # The caller's duties
//
//   - [View.Connect] comes first, with what the welcome says of the resumption.
//   - Every snapshot is applied, in the order of arrival.
//   - [Update.Tick] is acknowledged at least every so many snapshots as the welcome
//     says, or [Update.AckEvery] of a check.
//   - After [ErrBaseline], and after an update with Mismatch, tick 0 is acknowledged,
//     which asks for a keyframe.
//   - After any other error the server sent something that is no snapshot of this
//     schema; the view is as before.
package view
