// Package report is what every benchmark leaves behind: a [Document] of tables
// and plots with the machine they were made on, as text for a terminal, as
// JSON for programs, and as one HTML file that opens from disk.
package report
