// SPDX-License-Identifier: Apache-2.0
//! The interactive shell: statements over several lines, dot commands, history, completion. Reads
//! statements from a pipe as well.

use crate::complete::{COMMANDS, complete};
use crate::database::Database;
use crate::error::{SqlError, nearest};
use crate::format::Format;
use crate::run::{Screen, run};
use crate::statement::{is_blank, is_complete};
use evtables_engine::Source;
use evtables_filter::pattern::like;
use evtables_schema::TableSpec;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Config, Context, Editor, Helper};
use rustyline::{completion::Completer, highlight::Highlighter, hint::Hinter, validate::Validator};
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Statements kept in the history file.
const HISTORY_MAX: usize = 1_000;
/// One statement, bytes; SQLite's own limit is the same.
const STATEMENT_BYTES_MAX: usize = 1 << 20;

const PROMPT: &str = "evtables> ";
const PROMPT_MORE: &str = "     ...> ";

/// What a shell starts with.
#[derive(Debug, Clone)]
pub struct ShellOptions {
    /// File of earlier statements; its folder is made. `None`: nothing is kept.
    pub history: Option<PathBuf>,
    /// How results are written at first; `.mode` changes it.
    pub format: Format,
}

/// Why a shell ended early.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// The tables could not be set up.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The terminal could not be used.
    #[error("failed to use the terminal: {0}")]
    Terminal(#[from] ReadlineError),
    /// Reading statements or writing results failed.
    #[error("failed to read or write: {0}")]
    Io(#[from] io::Error),
}

/// A shell over a source. Each query sees the rows that are there when it starts.
pub struct Shell {
    session: Session,
    history: Option<PathBuf>,
}

impl Shell {
    /// With all tables of `source`.
    ///
    /// # Errors
    /// When they cannot be set up.
    pub fn new(source: Arc<dyn Source>, options: ShellOptions) -> Result<Self, ShellError> {
        let database = Database::open(source)?;
        let session = Session {
            database,
            format: options.format,
            screen: Screen::detect(),
            input: Input::Pipe,
            pending: String::new(),
            failed: 0,
        };
        Ok(Self { session, history: options.history })
    }

    /// Reads from stdin until its end or `.quit`: as a line editor when it is a terminal, else
    /// statement by statement. How many statements of a pipe failed (each was reported on stderr);
    /// 0 at a terminal, where somebody has seen them.
    ///
    /// # Errors
    /// When the terminal, stdin or stdout fails.
    pub fn run(mut self) -> Result<u64, ShellError> {
        if io::stdin().is_terminal() {
            self.session.input = Input::Terminal;
            self.edit()?;
            return Ok(0);
        }
        let mut input = io::stdin().lock();
        self.session.read(&mut input, &mut io::stdout(), &mut io::stderr())?;
        Ok(self.session.failed)
    }

    fn edit(&mut self) -> Result<(), ShellError> {
        let mut editor = self.editor()?;
        let (mut out, mut errors) = (io::stdout(), io::stderr());
        writeln!(errors, "evtables shell; .help for help, .tables for tables, Ctrl-D to leave")?;
        loop {
            self.tell_pending(&mut editor);
            let prompt = if self.session.pending.is_empty() { PROMPT } else { PROMPT_MORE };
            match editor.readline(prompt) {
                Ok(line) => {
                    let before = self.session.pending.clone();
                    let next = self.session.line(&line, &mut out, &mut errors)?;
                    if next != Next::More {
                        self.remember(&mut editor, &format!("{before}{line}"));
                    }
                    if next == Next::Quit {
                        return Ok(());
                    }
                }
                // Ctrl-C drops what was typed.
                Err(ReadlineError::Interrupted) => self.session.pending.clear(),
                Err(ReadlineError::Eof) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn editor(&self) -> Result<Editor<Names, FileHistory>, ShellError> {
        let config = Config::builder()
            .max_history_size(HISTORY_MAX)?
            .history_ignore_dups(true)?
            .completion_type(rustyline::CompletionType::List)
            .build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(Names {
            tables: self.session.database.tables().to_vec(),
            before: Mutex::new(String::new()),
        }));
        if let Some(path) = &self.history {
            if let Some(folder) = path.parent() {
                // Without its folder the history lives as long as the shell.
                let _ = std::fs::create_dir_all(folder);
            }
            let _ = editor.load_history(path);
        }
        Ok(editor)
    }

    fn tell_pending(&self, editor: &mut Editor<Names, FileHistory>) {
        if let Some(names) = editor.helper_mut() {
            let before = names.before.get_mut().unwrap_or_else(PoisonError::into_inner);
            before.clone_from(&self.session.pending);
        }
    }

    fn remember(&self, editor: &mut Editor<Names, FileHistory>, statement: &str) {
        let statement = statement.trim();
        if statement.is_empty() || !editor.add_history_entry(statement).unwrap_or(false) {
            return;
        }
        if let Some(path) = &self.history {
            // A history that cannot be written is no reason to stop.
            let _ = editor.append_history(path);
        }
    }
}

/// Completion for the line editor.
struct Names {
    tables: Vec<&'static TableSpec>,
    /// Earlier lines of the statement.
    before: Mutex<String>,
}

impl Completer for Names {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(complete(&self.tables, &before, line, position))
    }
}

impl Hinter for Names {
    type Hint = String;
}
impl Highlighter for Names {}
impl Validator for Names {}
impl Helper for Names {}

/// Where statements come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Input {
    /// Somebody types: the time taken is shown.
    Terminal,
    /// A file or pipe: Ctrl-C ends all of it.
    Pipe,
}

/// What a line led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The statement goes on.
    More,
    /// It was run, or there was nothing to do.
    Done,
    Quit,
}

/// The shell without its terminal.
struct Session {
    database: Database,
    format: Format,
    screen: Screen,
    input: Input,
    /// Lines of a statement that is not complete.
    pending: String,
    failed: u64,
}

impl Session {
    fn read(
        &mut self,
        mut input: &mut dyn BufRead,
        out: &mut dyn Write,
        errors: &mut dyn Write,
    ) -> Result<(), ShellError> {
        let bytes_max = u64::try_from(STATEMENT_BYTES_MAX).unwrap_or(u64::MAX);
        let mut line = String::new();
        loop {
            line.clear();
            if (&mut input).take(bytes_max).read_line(&mut line)? == 0 {
                break;
            }
            if self.line(line.trim_end_matches(['\n', '\r']), out, errors)? == Next::Quit {
                return Ok(());
            }
        }
        // The last statement needs no semicolon.
        let rest = std::mem::take(&mut self.pending);
        if !is_blank(&rest) {
            self.statement(&rest, out, errors)?;
        }
        Ok(())
    }

    fn line(
        &mut self,
        line: &str,
        out: &mut dyn Write,
        errors: &mut dyn Write,
    ) -> Result<Next, ShellError> {
        if self.pending.is_empty() {
            let command = line.trim();
            if command.starts_with('.') {
                return self.command(command, out, errors);
            }
            if is_blank(line) {
                return Ok(Next::Done);
            }
        }
        if self.pending.len() + line.len() >= STATEMENT_BYTES_MAX {
            self.pending.clear();
            self.failed += 1;
            writeln!(errors, "error: the statement is longer than {STATEMENT_BYTES_MAX} bytes")?;
            return Ok(Next::Done);
        }
        self.pending.push_str(line);
        if !is_complete(&self.pending) {
            self.pending.push('\n');
            return Ok(Next::More);
        }
        let sql = std::mem::take(&mut self.pending);
        self.statement(&sql, out, errors)
    }

    fn statement(
        &mut self,
        sql: &str,
        out: &mut dyn Write,
        errors: &mut dyn Write,
    ) -> Result<Next, ShellError> {
        let started = Instant::now();
        match run(&self.database, sql, self.format, out, self.screen) {
            Ok(_) if self.input == Input::Terminal => {
                writeln!(errors, "{:.3} s", started.elapsed().as_secs_f64())?;
            }
            Ok(_) => {}
            Err(SqlError::Output(error)) => return Err(error.into()),
            Err(error) => {
                self.failed += 1;
                writeln!(errors, "error: {error}")?;
                if self.input == Input::Pipe && matches!(error, SqlError::Interrupted) {
                    return Ok(Next::Quit);
                }
            }
        }
        Ok(Next::Done)
    }

    fn command(
        &mut self,
        command: &str,
        out: &mut dyn Write,
        errors: &mut dyn Write,
    ) -> Result<Next, ShellError> {
        let (name, argument) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let argument = argument.trim().trim_end_matches(';');
        match name.trim_end_matches(';') {
            ".help" => help(out)?,
            ".quit" | ".exit" => return Ok(Next::Quit),
            ".tables" => self.list_tables(argument, out)?,
            ".schema" => return self.schema(argument, out, errors),
            ".mode" => match argument.parse() {
                Ok(format) => self.format = format,
                Err(_) if argument.is_empty() => writeln!(out, "{}", self.format.word())?,
                Err(error) => return self.wrong(&error.to_string(), errors),
            },
            other => {
                let near = nearest(other, COMMANDS.iter().map(|(name, ..)| *name));
                let near = near.map_or_else(String::new, |near| format!(" (nearest: {near})"));
                return self.wrong(&format!("no such command: {other}{near}"), errors);
            }
        }
        Ok(Next::Done)
    }

    fn wrong(&mut self, message: &str, errors: &mut dyn Write) -> Result<Next, ShellError> {
        self.failed += 1;
        writeln!(errors, "error: {message}")?;
        Ok(Next::Done)
    }

    fn list_tables(&self, pattern: &str, out: &mut dyn Write) -> io::Result<()> {
        let lower = pattern.to_ascii_lowercase();
        let tables: Vec<&TableSpec> = self
            .database
            .tables()
            .iter()
            .copied()
            .filter(|table| table.name.contains(&lower) || like(pattern, table.name))
            .collect();
        let width = tables.iter().map(|table| table.name.len()).max().unwrap_or(0);
        for table in tables {
            writeln!(out, "{:width$}  {}", table.name, table.summary)?;
        }
        Ok(())
    }

    fn schema(
        &mut self,
        name: &str,
        out: &mut dyn Write,
        errors: &mut dyn Write,
    ) -> Result<Next, ShellError> {
        let tables = self.database.tables();
        if name.is_empty() {
            for table in tables {
                write_schema(table, out)?;
            }
            return Ok(Next::Done);
        }
        match tables.iter().find(|table| table.name.eq_ignore_ascii_case(name)) {
            Some(table) => write_schema(table, out)?,
            None => {
                let near = nearest(name, tables.iter().map(|table| table.name));
                let near = near.map_or_else(String::new, |near| format!(" (nearest: {near})"));
                return self.wrong(&format!("no such table: {name}{near}"), errors);
            }
        }
        Ok(Next::Done)
    }
}

fn help(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "SQL statements end with ';' and may span lines; Ctrl-C cancels a query.")?;
    for (name, argument, what) in COMMANDS {
        let left = format!("{name} {argument}");
        writeln!(out, "{left:<28}{what}")?;
    }
    Ok(())
}

fn write_schema(table: &TableSpec, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "-- {}\nCREATE TABLE {}(", table.summary, table.name)?;
    let last = table.columns.len().saturating_sub(1);
    for (at, column) in table.columns.iter().enumerate() {
        let comma = if at == last { "" } else { "," };
        let hidden = if column.hidden { " HIDDEN" } else { "" };
        let left = format!("{} {}{hidden}{comma}", column.name, column.sql_type.word());
        writeln!(out, "  {left:<32}-- {}", column.description)?;
    }
    writeln!(out, ");")
}

#[cfg(test)]
#[path = "shell_tests.rs"]
mod tests;
