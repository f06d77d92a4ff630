// Package clause has the shapes of the real one that the analyzers look at.
package clause

type Builder interface {
	WriteString(string) (int, error)
}

type Expression interface{ Build(Builder) }

type Expr struct {
	SQL  string
	Vars []any
}

func (Expr) Build(Builder) {}

type Column struct {
	Table, Name string
	Raw         bool
}

type OrderByColumn struct {
	Column Column
	Desc   bool
}
