package netcode

import "arbiter/game"

// What the tests of package netcode_test use of the property test's world.
type (
	ProofState = proofState
	ProofInput = proofInput
	ProofGame  = game.Game[proofState, proofInput]
)

var (
	ProofOpen = proofOpen
	ProofArea = proofArea
	Shown     = shown
	Has       = has
	Leaks     = leaks
)
