package app

const hasEpoll = true
