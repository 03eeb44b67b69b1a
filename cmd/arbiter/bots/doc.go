// Package bots plays on a server with many clients at once and checks what the
// server sends: that every state is the server's, and that every input is
// applied exactly once, even over connections that are cut and stalled (fault
// injection).
//
//	report, err := bots.Run(ctx, bots.Config{URL: "ws://127.0.0.1:8080", Clients: 50})
//	…
//	report.WriteText(os.Stdout)
//	return report.Verdict()
//
// It works with every game, because a server tells its clients what inputs a
// game has: bots then change their inputs at random, and send commands, if the
// game has any, at random too. A [Pilot] made by [NewPilot] and given in
// Config.Pilots (app.Program.Pilots for the program) is a brain of your own: it
// makes the bots of one game play it properly; those of the demo games are in
// package pilots.
// Config.Games gives the bots the rules of games, for client-side prediction.
//
// With Config.Matchmaking every bot, alone or in a party, queues for its match
// through the server's HTTP API, and all matches are checked against the queue's
// rules.
package bots
