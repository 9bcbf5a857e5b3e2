// Renders a Helm chart the way `helm template` does, for machines that have Go and its libraries but no Helm: with the
// same template engine (text/template of Go), the same functions (sprig) and Helm's own few, out of Debian's packages
// golang-go, golang-github-masterminds-sprig-dev (which brings golang-gopkg-yaml.v2-dev, used here too).
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o chart-renderer tools/chart-renderer/main.go
//	chart-renderer charts/stormglass RELEASE NAMESPACE [values.yaml ...]
//
// Writes all documents to standard output. It knows nothing of dependencies, hooks and the cluster; values.schema.json is
// left to whoever calls it.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v2"
)

type values = map[string]interface{}

// files is what templates see as .Files.
type files struct{ folder string }

func (f files) Get(name string) string {
	text, err := os.ReadFile(filepath.Join(f.folder, filepath.Clean("/"+name)))
	if err != nil {
		return ""
	}
	return string(text)
}

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: chart-renderer FOLDER RELEASE NAMESPACE [VALUES ...]")
		os.Exit(2)
	}
	if err := render(os.Args[1], os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func render(folder, release, namespace string, overlays []string) error {
	chart, err := read(filepath.Join(folder, "Chart.yaml"))
	if err != nil {
		return err
	}
	all, err := read(filepath.Join(folder, "values.yaml"))
	if err != nil {
		return err
	}
	for _, path := range overlays {
		overlay, err := read(path)
		if err != nil {
			return err
		}
		merge(all, overlay)
	}
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root))
	paths, err := filepath.Glob(filepath.Join(folder, "templates", "*"))
	if err != nil {
		return err
	}
	sort.Strings(paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := root.New(filepath.Base(path)).Parse(string(text)); err != nil {
			return err
		}
	}
	capitals := values{}
	for key, value := range chart {
		capitals[strings.ToUpper(key[:1])+key[1:]] = value
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var out bytes.Buffer
		err := root.ExecuteTemplate(&out, name, values{
			"Chart":        capitals,
			"Values":       all,
			"Files":        files{folder},
			"Release":      values{"Name": release, "Namespace": namespace, "Service": "Helm", "IsInstall": true, "Revision": 1},
			"Template":     values{"Name": name},
			"Capabilities": values{"KubeVersion": values{"Version": "v1.30.0", "Major": "1", "Minor": "30"}},
		})
		if err != nil {
			return err
		}
		if filepath.Ext(name) == ".txt" {
			continue
		}
		// As in Helm: what a template asks for and is not there is empty.
		fmt.Printf("---\n# Source: %s\n%s\n", name, strings.ReplaceAll(out.String(), "<no value>", ""))
	}
	return nil
}

// functions are sprig's, less those that look at the machine, and those that Helm adds.
func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	all["tpl"] = func(text string, data interface{}) (string, error) {
		copied, err := root.Clone()
		if err != nil {
			return "", err
		}
		parsed, err := copied.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out strings.Builder
		err = parsed.Execute(&out, data)
		return out.String(), err
	}
	all["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	all["fromYaml"] = func(text string) (values, error) { return parse([]byte(text)) }
	all["required"] = func(message string, value interface{}) (interface{}, error) {
		if text, isText := value.(string); value == nil || (isText && text == "") {
			return nil, errors.New(message)
		}
		return value, nil
	}
	all["fail"] = func(message string) (string, error) { return "", errors.New(message) }
	all["lookup"] = func(string, string, string, string) values { return values{} }
	return all
}

func read(path string) (values, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}

func parse(text []byte) (values, error) {
	found := map[interface{}]interface{}{}
	err := yaml.Unmarshal(text, &found)
	return plain(found).(values), err
}

// plain has text for keys, as JSON and so Helm has; and its numbers.
func plain(value interface{}) interface{} {
	switch value := value.(type) {
	case map[interface{}]interface{}:
		result := values{}
		for key, each := range value {
			result[fmt.Sprint(key)] = plain(each)
		}
		return result
	case []interface{}:
		for i, each := range value {
			value[i] = plain(each)
		}
		return value
	case int:
		return float64(value)
	default:
		return value
	}
}

// merge lays `over` upon `under`, map by map; null takes a value away.
func merge(under, over values) {
	for key, value := range over {
		inner, isMap := value.(values)
		outer, wasMap := under[key].(values)
		switch {
		case value == nil:
			delete(under, key)
		case isMap && wasMap:
			merge(outer, inner)
		default:
			under[key] = value
		}
	}
}
