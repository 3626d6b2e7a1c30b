// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/igny8/wordpress-operator/hack/process"
)

// socketPathLimit is what fits into sockaddr_un on Linux, less the final zero and some room for MariaDB.
const socketPathLimit = 100

// databaseName is the database of the site; it is a folder of the data directory.
const databaseName = "wordpress"

// startDatabase starts a MariaDB of the site's own, from a copy of an empty data directory.
func (s *Site) startDatabase(ctx context.Context) error {
	if socket := s.databaseSocket(); len(socket) > socketPathLimit {
		return fmt.Errorf("path of the database's socket is longer than %d bytes, choose a shorter folder: %s", socketPathLimit, socket)
	}
	account, err := user.Current()
	if err != nil {
		return err
	}
	template, err := s.databaseTemplate(ctx, account.Username)
	if err != nil {
		return err
	}
	if _, err := run(exec.CommandContext(ctx, "cp", "--recursive", "--sparse=always", template, s.path("db"))); err != nil {
		return err
	}
	if s.database, err = process.Start(s.logFile("mariadb.log"), exec.Command(s.tools.mariadbd, s.databaseArguments(account.Username)...)); err != nil {
		return err
	}
	return s.database.WaitUntil(ctx, s.databaseAnswers)
}

// databaseTemplate returns the cached data directory with an empty database.
func (s *Site) databaseTemplate(ctx context.Context, account string) (string, error) {
	version, err := packageVersion(ctx, "mariadb-server-core")
	if err != nil {
		return "", err
	}
	// An epoch such as "1:" is no fit for a path of MariaDB's scripts.
	name := "mariadb-" + strings.ReplaceAll(version, ":", "-")
	return cached(ctx, name, func(ctx context.Context, dir string) error {
		_, err := run(exec.CommandContext(ctx, s.tools.mariadbInstall, "--no-defaults", "--user="+account, "--datadir="+dir,
			"--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve", "--innodb-log-file-size=16M"))
		if err != nil {
			return err
		}
		return os.Mkdir(filepath.Join(dir, databaseName), 0o700)
	})
}

// databaseArguments are tuned for a start in a fraction of a second and for tests, not for keeping data through a power cut.
func (s *Site) databaseArguments(account string) []string {
	return []string{
		"--no-defaults", "--user=" + account, "--datadir=" + s.path("db"), "--tmpdir=" + s.path("tmp"),
		"--socket=" + s.databaseSocket(), "--pid-file=" + s.path("run", "db.pid"), "--skip-networking", "--skip-name-resolve",
		"--skip-log-bin", "--performance-schema=OFF", "--innodb-buffer-pool-size=128M", "--innodb-log-file-size=16M",
		"--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF", "--innodb-flush-method=nosync", "--innodb-fast-shutdown=2",
		"--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_520_ci",
	}
}

// databaseAnswers says whether the server accepts connections: it listens only when it is ready.
func (s *Site) databaseAnswers(ctx context.Context) bool {
	connection, err := new(net.Dialer).DialContext(ctx, "unix", s.databaseSocket())
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

// Query runs one SQL statement in the site's database and returns the rows, as text; NULL is "NULL".
func (s *Site) Query(ctx context.Context, sql string) ([][]string, error) {
	out, err := run(exec.CommandContext(ctx, s.tools.mariadb, "--no-defaults", "--socket="+s.databaseSocket(), "--user=root",
		"--default-character-set=utf8mb4", "--batch", "--skip-column-names", "--execute="+sql, databaseName))
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for line := range strings.Lines(out) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for i, cell := range cells {
			cells[i] = batchEscapes.Replace(cell)
		}
		rows = append(rows, cells)
	}
	return rows, nil
}

// batchEscapes undoes what the client does to special characters with --batch.
var batchEscapes = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\0`, "\x00", `\\`, `\`)

// Dump returns the whole database as SQL.
func (s *Site) Dump(ctx context.Context) (string, error) {
	return run(exec.CommandContext(ctx, "mariadb-dump", "--no-defaults", "--socket="+s.databaseSocket(), "--user=root", databaseName))
}
