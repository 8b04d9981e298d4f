// SPDX-License-Identifier: Apache-2.0
//! What Tab offers in the shell: dot commands, tables, columns, SQL words. Pure.

use evtables_schema::TableSpec;

/// Commands of the shell with their arguments and what they do.
pub(crate) const COMMANDS: [(&str, &str, &str); 5] = [
    (".help", "", "this list"),
    (".mode", "table|json|csv|line", "how results are written"),
    (".quit", "", "leave (also Ctrl-D)"),
    (".schema", "[table]", "columns of a table, or of all"),
    (".tables", "[pattern]", "tables whose names contain or match (LIKE) the pattern"),
];

const WORDS: [&str; 56] = [
    "ALL",
    "AND",
    "AS",
    "ASC",
    "AVG",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "COALESCE",
    "COLLATE",
    "COUNT",
    "CREATE",
    "CROSS",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "EXPLAIN",
    "FROM",
    "GLOB",
    "GROUP",
    "HAVING",
    "IN",
    "INNER",
    "INTERSECT",
    "IS",
    "JOIN",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MAX",
    "MIN",
    "NATURAL",
    "NOT",
    "NULL",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "PLAN",
    "QUERY",
    "RECURSIVE",
    "SELECT",
    "TEMP",
    "THEN",
    "UNION",
    "USING",
    "VIEW",
    "WHEN",
    "WHERE",
    "WITH",
];

/// Most candidates offered at once.
const CANDIDATES_MAX: usize = 200;

/// Where the word at `position` starts, and what could stand there instead. `before` is the text of
/// earlier lines of the same statement.
pub(crate) fn complete(
    tables: &[&'static TableSpec],
    before: &str,
    line: &str,
    position: usize,
) -> (usize, Vec<String>) {
    let head = line.get(..position).unwrap_or(line);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let start = head.rfind(|c: char| !is_word(c)).map_or(0, |at| {
        at + head.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let word = head.get(start..).unwrap_or("");
    if before.is_empty() && head.trim_start().starts_with('.') {
        return complete_command(tables, head);
    }
    let text = format!("{before} {line}").to_ascii_lowercase();
    let earlier = head.get(..start).unwrap_or("");
    let mut candidates = Vec::new();
    if let Some(qualified) = earlier.strip_suffix('.') {
        let name = qualified.rsplit(|c: char| !is_word(c)).next().unwrap_or("");
        add_columns(&tables_of_alias(tables, &text, name), word, &mut candidates);
    } else if expects_table(before, earlier) {
        add(tables.iter().map(|table| table.name), word, &mut candidates);
    } else {
        let mentioned = mentioned(tables, &text);
        // Columns come before FROM in SQL: with no table named yet, all are meant.
        let of = if mentioned.is_empty() && !word.is_empty() { tables } else { &mentioned };
        add_columns(of, word, &mut candidates);
        add(tables.iter().map(|table| table.name), word, &mut candidates);
        if !word.is_empty() {
            add_words(word, &mut candidates);
        }
    }
    candidates.truncate(CANDIDATES_MAX);
    (start, candidates)
}

fn complete_command(tables: &[&'static TableSpec], head: &str) -> (usize, Vec<String>) {
    let dot = head.find('.').unwrap_or(0);
    let mut candidates = Vec::new();
    match head.get(dot..).and_then(|text| text.split_once(' ')) {
        None => {
            let word = head.get(dot..).unwrap_or("");
            add(COMMANDS.iter().map(|(name, ..)| *name), word, &mut candidates);
            (dot, candidates)
        }
        Some((command, argument)) => {
            match command {
                ".mode" => {
                    let words = crate::format::Format::ALL.map(crate::format::Format::word);
                    add(words.into_iter(), argument, &mut candidates);
                }
                ".schema" | ".tables" => {
                    add(tables.iter().map(|table| table.name), argument, &mut candidates);
                }
                _ => {}
            }
            (head.len() - argument.len(), candidates)
        }
    }
}

fn add<'a>(names: impl Iterator<Item = &'a str>, word: &str, candidates: &mut Vec<String>) {
    for name in names {
        let starts = name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        if starts && !candidates.iter().any(|known| known == name) {
            candidates.push(name.to_owned());
        }
    }
}

fn add_columns(tables: &[&'static TableSpec], word: &str, candidates: &mut Vec<String>) {
    for table in tables {
        add(table.columns.iter().map(|column| column.name), word, candidates);
    }
}

/// SQL words in the case that is typed.
fn add_words(word: &str, candidates: &mut Vec<String>) {
    let is_lower = word.chars().any(|c| c.is_ascii_lowercase());
    let first = candidates.len();
    add(WORDS.into_iter(), word, candidates);
    if is_lower {
        candidates.iter_mut().skip(first).for_each(|word| word.make_ascii_lowercase());
    }
}

/// Whether the word before is one that a table follows.
fn expects_table(before: &str, earlier: &str) -> bool {
    let last = earlier.split_whitespace().next_back();
    let last = last.or_else(|| before.split_whitespace().next_back()).unwrap_or("");
    ["from", "join"].iter().any(|word| last.eq_ignore_ascii_case(word))
}

fn mentioned(tables: &[&'static TableSpec], lower_text: &str) -> Vec<&'static TableSpec> {
    let words: Vec<&str> = words(lower_text).collect();
    tables.iter().copied().filter(|table| words.contains(&table.name)).collect()
}

/// The table that `name` stands for: itself, or what precedes it (`linux_process_events p`, `… AS p`).
fn tables_of_alias(
    tables: &[&'static TableSpec],
    lower_text: &str,
    name: &str,
) -> Vec<&'static TableSpec> {
    let words: Vec<&str> = words(lower_text).filter(|word| *word != "as").collect();
    let named = |table: &&&'static TableSpec| {
        table.name.eq_ignore_ascii_case(name)
            || words.windows(2).any(|pair| {
                matches!(pair, [first, second] if *first == table.name && second.eq_ignore_ascii_case(name))
            })
    };
    let found: Vec<&'static TableSpec> = tables.iter().filter(named).copied().collect();
    if found.is_empty() { mentioned(tables, lower_text) } else { found }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(before: &str, line: &str) -> Vec<String> {
        complete(evtables_schema::tables(), before, line, line.len()).1
    }

    #[test]
    fn commands_and_their_arguments() {
        assert_eq!(offers("", ".t"), [".tables"]);
        assert_eq!(offers("", ".mode j"), ["json"]);
        assert_eq!(offers("", ".schema LINUX_PROCESS_E"), ["linux_process_events"]);
        assert_eq!(complete(evtables_schema::tables(), "", ".mode cs", 8).0, 6);
        assert_eq!(offers("", ".").len(), COMMANDS.len());
    }

    #[test]
    fn tables_after_from_and_join() {
        assert_eq!(offers("", "select * from linux_process_e"), ["linux_process_events"]);
        assert_eq!(offers("select * from", "linux_process_e"), ["linux_process_events"]);
        assert!(offers("", "SELECT * FROM ").iter().all(|name| name.contains("_")));
    }

    #[test]
    fn columns_of_mentioned_tables_and_aliases() {
        let line = "SELECT c.parent_process_g";
        let (start, found) = complete(
            evtables_schema::tables(),
            "",
            &format!("{line} FROM linux_process_events AS c"),
            line.len(),
        );
        assert_eq!((start, found), (9, vec!["parent_process_guid".to_owned()]));
        let found = offers("SELECT * FROM linux_process_events", "WHERE cmdline_t");
        assert_eq!(found, ["cmdline_truncated"]);
        assert_eq!(offers("", "SELECT cmdline_t"), ["cmdline_truncated"]);
    }

    #[test]
    fn words_in_the_case_typed() {
        assert_eq!(offers("", "sele"), ["select"]);
        assert_eq!(offers("", "SELE"), ["SELECT"]);
        assert!(offers("", "ä").is_empty());
    }
}
