package simulate

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"arbiter/matchmaking"
)

// jsonLines are the arrivals of [ReadJSONLines].
type jsonLines struct {
	lines *bufio.Scanner
	line  int
	inOrder
}

// ReadJSONLines reads arrivals from JSON lines: one ticket per line as the API
// takes it, with its time "at" in seconds since the start, in ascending order.
//
//	{"at": 12.5, "id": "t1", "members": [{"player": "ann"}], "attributes": {"skill": 1500}}
func ReadJSONLines(r io.Reader) Arrivals {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	return &jsonLines{lines: lines}
}

func (j *jsonLines) Next() (matchmaking.Ticket, error) {
	for j.lines.Scan() {
		j.line++
		text := bytes.TrimSpace(j.lines.Bytes())
		if len(text) == 0 {
			continue
		}
		var row struct {
			At float64 `json:"at"`
			matchmaking.Ticket
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		err := d.Decode(&row)
		if err == nil {
			row.Created, err = j.check(row.At)
		}
		if err != nil {
			return matchmaking.Ticket{}, fmt.Errorf("simulate: line %d: %w", j.line, err)
		}
		return row.Ticket, nil
	}
	if err := j.lines.Err(); err != nil {
		return matchmaking.Ticket{}, fmt.Errorf("simulate: line %d: %w", j.line+1, err)
	}
	return matchmaking.Ticket{}, io.EOF
}

// csvRows are the arrivals of [ReadCSV].
type csvRows struct {
	rows    *csv.Reader
	columns []column
	next    []string // the row read ahead
	line    int
	inOrder
}

type column struct {
	name   string
	kind   matchmaking.Kind
	region string
}

// ReadCSV reads arrivals from CSV; the kinds of its columns follow from the rules.
// It has one player per row. Columns: at (seconds since the start), ticket,
// player, and one for each attribute; a set is written a|b, a latency has a column
// for each region, such as latency.eu. Rows of one ticket follow each other.
func ReadCSV(r io.Reader, rules matchmaking.Rules) (Arrivals, error) {
	c := &csvRows{rows: csv.NewReader(r)}
	c.rows.ReuseRecord = false
	head, err := c.rows.Read()
	if err != nil {
		return nil, fmt.Errorf("the first row: %w", err)
	}
	for _, name := range head {
		col, err := columnOf(strings.TrimSpace(name), rules)
		if err != nil {
			return nil, err
		}
		c.columns = append(c.columns, col)
	}
	for _, needed := range []string{"at", "ticket", "player"} {
		if c.index(needed) < 0 {
			return nil, fmt.Errorf("no column %q: the first row names at, ticket, player and attributes", needed)
		}
	}
	c.next, err = c.rows.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return c, nil
}

func (c *csvRows) index(name string) int {
	for i, col := range c.columns {
		if col.name == name && col.kind == matchmaking.NoKind {
			return i
		}
	}
	return -1
}

func columnOf(name string, rules matchmaking.Rules) (column, error) {
	if name == "at" || name == "ticket" || name == "player" {
		return column{name: name}, nil
	}
	for _, a := range rules.Attributes {
		if a.Name == name && a.Kind != matchmaking.LatencyKind {
			return column{name: name, kind: a.Kind}, nil
		}
		if region, ok := strings.CutPrefix(name, a.Name+"."); ok && a.Kind == matchmaking.LatencyKind {
			return column{name: a.Name, kind: a.Kind, region: region}, nil
		}
	}
	return column{}, fmt.Errorf("column %q is no attribute of the rules: rename or remove it; a latency is written name.region", name)
}

func (c *csvRows) Next() (matchmaking.Ticket, error) {
	if c.next == nil {
		return matchmaking.Ticket{}, io.EOF
	}
	id, at := c.next[c.index("ticket")], c.next[c.index("at")]
	t := matchmaking.Ticket{ID: matchmaking.TicketID(id)}
	seconds, err := strconv.ParseFloat(at, 64)
	if err == nil {
		t.Created, err = c.check(seconds)
	}
	for err == nil && c.next != nil && c.next[c.index("ticket")] == id {
		var member matchmaking.Member
		if member, err = c.member(c.next); err != nil {
			break
		}
		t.Members = append(t.Members, member)
		c.line++
		if c.next, err = c.rows.Read(); errors.Is(err, io.EOF) {
			c.next, err = nil, nil
		}
	}
	if err != nil {
		return t, fmt.Errorf("simulate: row %d: %w", c.line+2, err)
	}
	return t, nil
}

func (c *csvRows) member(row []string) (matchmaking.Member, error) {
	m := matchmaking.Member{Player: row[c.index("player")], Attributes: matchmaking.Attributes{}}
	latency := map[string]float64{}
	for i, col := range c.columns {
		text := strings.TrimSpace(row[i])
		if text == "" {
			continue // the default applies
		}
		switch col.kind {
		case matchmaking.StringKind:
			m.Attributes[col.name] = matchmaking.Text(text)
		case matchmaking.SetKind:
			m.Attributes[col.name] = matchmaking.Set(strings.Split(text, "|")...)
		case matchmaking.NumberKind, matchmaking.LatencyKind:
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return m, fmt.Errorf("column %q: %q is no number", col.name, text)
			}
			if col.kind == matchmaking.NumberKind {
				m.Attributes[col.name] = matchmaking.Number(x)
				break
			}
			latency[col.region] = x
			m.Attributes[col.name] = matchmaking.Latency(latency)
		}
	}
	return m, nil
}
