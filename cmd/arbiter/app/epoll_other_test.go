//go:build !linux

package app

const hasEpoll = false
