// Package store holds what sqltext must catch and what it must let pass.
package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type sqlText string

func (q sqlText) and(other sqlText) sqlText { return q + " AND " + other }

func (q sqlText) times(n int) sqlText {
	var all string
	for range n {
		all += string(q)
	}
	return sqlText(all)
}

func (q sqlText) String() string { return string(q) }

func (q sqlText) loose(word string) sqlText { // want `a method of sqlText takes sqlText and numbers, not string`
	return q + sqlText(word)
}

func (q sqlText) looser(words ...any) sqlText { // want `a method of sqlText takes sqlText and numbers, not any`
	return sqlText(fmt.Sprint(words...))
}

const table = "people"

type person struct {
	ID   int64
	Name string
}

func lets(ctx context.Context, db *gorm.DB, name string, id int64, ids []int64) {
	q := sqlText("SELECT id FROM " + table)
	q = q.and("name = ?")
	db.Raw(string(q), name)
	db.Raw(q.String(), name)
	db.Raw("SELECT 1")
	db.Exec((string)(q.times(3)))
	db.Where("name = ?", name).Where(string(q)).Order("id DESC").Group("id")
	db.Where(db.Where("a = ?", name)).Where(gorm.Expr("a = ?", name))
	db.Order(clause.OrderByColumn{Column: clause.Column{Name: name}, Desc: true})
	db.Select("id", "name").Select("count(*) FILTER (WHERE n > ?)", name).Omit("name")
	db.Joins("JOIN people ON people.id = ?", id).Table("people").Pluck("id", &ids)
	db.First(&person{}, id).Find(&[]person{}, ids).Find(&[]person{}, "name = ?", name).Find(&[]person{})
	db.Delete(&person{}, id)
	db.Select("name").Updates(person{Name: name})
	gorm.G[person](db).Raw("SELECT 1")
	gorm.G[person](db).Find(ctx)
}

func catches(ctx context.Context, db *gorm.DB, name string, anything any, columns []string) {
	db.Raw("SELECT * FROM people WHERE name = '" + name + "'")                   // want `Raw takes SQL text`
	db.Raw(fmt.Sprintf("SELECT * FROM %s", name))                                // want `Raw takes SQL text`
	db.Exec(name)                                                                // want `Exec takes SQL text`
	db.Where(name)                                                               // want `Where takes SQL text`
	db.Where(fmt.Sprintf("name = '%s'", name))                                   // want `Where takes SQL text`
	db.Where(anything)                                                           // want `Where takes SQL text`
	db.Where(&person{Name: name})                                                // want `Where takes SQL text`
	db.Where(person{Name: name})                                                 // want `Where takes SQL text`
	db.Where(map[string]any{name: 1})                                            // want `Where takes SQL text`
	db.Order(name)                                                               // want `Order takes SQL text`
	db.Order(clause.OrderByColumn{Column: clause.Column{Name: name, Raw: true}}) // want `clause field Name holds SQL text`
	db.Group(name)                                                               // want `Group takes SQL text`
	db.Select(name)                                                              // want `Select takes SQL text`
	db.Select("id", name)                                                        // want `Select takes SQL text`
	db.Select(columns)                                                           // want `Select takes SQL text`
	db.Omit(columns...)                                                          // want `Omit takes SQL text`
	db.Joins(name).Table(name).Pluck(name, nil)                                  // want `Joins takes SQL text` `Table takes SQL text` `Pluck takes SQL text`
	db.First(&person{}, name)                                                    // want `First takes SQL text`
	db.Find(&person{}, person{Name: name})                                       // want `Find takes SQL text`
	db.Delete(&person{}, name)                                                   // want `Delete takes SQL text`
	db.Where(gorm.Expr(name))                                                    // want `Expr takes SQL text`
	db.Clauses(clause.Expr{SQL: name})                                           // want `clause field SQL holds SQL text`
	db.Clauses(clause.Expr{name, nil})                                           // want `clause field SQL holds SQL text`
	db.Save(&person{})                                                           // want `no Save`
	db.AutoMigrate(&person{})                                                    // want `no AutoMigrate`
	gorm.G[person](db).Raw(name)                                                 // want `Raw takes SQL text`
	gorm.G[person](db).Exec(ctx, name)                                           // want `Exec takes SQL text`
	run := db.Raw                                                                // want `Raw takes SQL text: call it where it stands`
	run(name)

	var e clause.Expr
	e.SQL = name  // want `clause field SQL holds SQL text`
	e.SQL += "ok" // want `clause field SQL holds SQL text`
	e.SQL = "ok"

	q := sqlText(name)                                 // want `sqlText is made from constants`
	q = sqlText("SELECT ") + sqlText(fmt.Sprint(name)) // want `sqlText is made from constants`
	db.Raw(string(q))
}

type builder struct{ word string }

func (b builder) Build(to clause.Builder) {
	to.WriteString("lower(")
	to.WriteString(b.word) // want `WriteString takes SQL text`
}

type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func plain(ctx context.Context, db *sql.DB, tx *sql.Tx, own executor, pool gorm.ConnPool, q sqlText, name string) {
	db.QueryContext(ctx, string(q), name)
	db.Query("SELECT 1")
	stmt, _ := tx.Prepare("SELECT ?")
	stmt.Exec(name)
	stmt.QueryContext(ctx, name)
	own.ExecContext(ctx, "DELETE FROM people WHERE name = ?", name)

	db.QueryContext(ctx, name)    // want `QueryContext takes SQL text`
	db.QueryRow("SELECT " + name) // want `QueryRow takes SQL text`
	tx.ExecContext(ctx, name)     // want `ExecContext takes SQL text`
	tx.Prepare(name)              // want `Prepare takes SQL text`
	own.ExecContext(ctx, name)    // want `ExecContext takes SQL text`
	pool.ExecContext(ctx, name)   // want `ExecContext takes SQL text`
}

func postgres(ctx context.Context, conn *pgx.Conn, tx pgx.Tx, b *pgx.Batch, q sqlText, name string) {
	conn.Query(ctx, string(q), name)
	conn.Prepare(ctx, name, "SELECT 1")
	b.Queue("SELECT $1", name)
	tx.QueryRow(ctx, "SELECT $1", name)
	conn.SendBatch(ctx, b)

	conn.Exec(ctx, "LISTEN "+name)     // want `Exec takes SQL text`
	conn.Query(ctx, name)              // want `Query takes SQL text`
	conn.Prepare(ctx, "n", name)       // want `Prepare takes SQL text`
	b.Queue(name)                      // want `Queue takes SQL text`
	tx.QueryRow(ctx, fmt.Sprint(name)) // want `QueryRow takes SQL text`
}
