package main

const hasEpoll = true
