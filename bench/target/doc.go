// Package target starts the servers that are measured, each in a process of its
// own on processors of its own, and reads what they say about themselves.
package target
