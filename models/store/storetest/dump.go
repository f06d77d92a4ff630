package storetest

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
)

// Dump writes everything that a value holds, what it does not export included:
// two values of which a reader could learn different things never have the
// same dump. Pointers are followed, functions are not.
func Dump(values ...any) string {
	var b strings.Builder
	for _, v := range values {
		dump(&b, reflect.ValueOf(v), 0)
		b.WriteByte('\n')
	}
	return b.String()
}

func dump(b *strings.Builder, v reflect.Value, depth int) {
	if !v.IsValid() || depth > 30 {
		b.WriteString("nil")
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		dump(b, v.Elem(), depth+1)
	case reflect.Struct:
		b.WriteString(v.Type().Name() + "{")
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				continue
			}
			b.WriteString(v.Type().Field(i).Name + ":")
			dump(b, v.Field(i), depth+1)
			b.WriteByte(' ')
		}
		b.WriteByte('}')
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			fmt.Fprintf(b, "%q", v.Bytes())
			return
		}
		b.WriteByte('[')
		for i := range v.Len() {
			dump(b, v.Index(i), depth+1)
			b.WriteByte(' ')
		}
		b.WriteByte(']')
	case reflect.Map:
		dumpMap(b, v, depth)
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	case reflect.Bool:
		fmt.Fprintf(b, "%t", v.Bool())
	case reflect.Float32, reflect.Float64:
		fmt.Fprintf(b, "%g", v.Float())
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		b.WriteString(v.Kind().String())
	default:
		if v.CanInt() {
			fmt.Fprintf(b, "%d", v.Int())
		} else if v.CanUint() {
			fmt.Fprintf(b, "%d", v.Uint())
		}
	}
}

// dumpMap writes a map in the order of what its entries look like.
func dumpMap(b *strings.Builder, v reflect.Value, depth int) {
	var entries []string
	for _, key := range v.MapKeys() {
		var e strings.Builder
		dump(&e, key, depth+1)
		e.WriteByte(':')
		dump(&e, v.MapIndex(key), depth+1)
		entries = append(entries, e.String())
	}
	sort.Strings(entries)
	b.WriteString("map[" + strings.Join(entries, " ") + "]")
}
