// Package golden records what servers send, for the tests of the TypeScript
// client beside it, which read ../test/data. It has tests only.
package golden
