//go:build race

package service_test

// propertySequences are fewer under the race detector, which takes its time.
const propertySequences = 30
