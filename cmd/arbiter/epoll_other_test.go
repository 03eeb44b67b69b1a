//go:build !linux

package main

const hasEpoll = false
