// SPDX-License-Identifier: Apache-2.0
//! One query at a command line: writes the result, shows a spinner while it takes long, and lets
//! Ctrl-C cancel it. Shared by the `query` command and the shell.

use crate::database::{Activity, Database, Interrupt, QueryCount};
use crate::error::SqlError;
use crate::format::{Format, Layout};
use signal_hook::consts::SIGINT;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// A query that takes longer gets a spinner.
const SPINNER_AFTER: Duration = Duration::from_millis(300);
/// How often the spinner turns and Ctrl-C is looked at.
const WATCH_INTERVAL: Duration = Duration::from_millis(50);

/// What stands on the other end of stdout and stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Of stdout.
    pub layout: Layout,
    /// Whether stderr may show a spinner.
    pub spinner: Spinner,
}

/// Whether a spinner is shown on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spinner {
    /// After 300 ms, until the first output.
    Shown,
    /// Never.
    Hidden,
}

impl Screen {
    /// Nothing is a terminal.
    pub const NONE: Self = Self { layout: Layout::Full, spinner: Spinner::Hidden };

    /// Of this process.
    #[must_use]
    pub fn detect() -> Self {
        let layout = if io::stdout().is_terminal() { terminal_layout() } else { Layout::Full };
        let spinner = if io::stderr().is_terminal() { Spinner::Shown } else { Spinner::Hidden };
        Self { layout, spinner }
    }
}

/// Rustyline knows on each platform how wide the terminal is.
fn terminal_layout() -> Layout {
    const WIDTH_UNKNOWN: usize = 120;
    let width = rustyline::DefaultEditor::new()
        .ok()
        .and_then(|mut editor| editor.dimensions())
        .map_or(WIDTH_UNKNOWN, |(columns, _)| usize::from(columns));
    Layout::Terminal(width)
}

/// Runs all statements of `sql` and writes their results to `out`.
///
/// While it runs Ctrl-C cancels it (the error is then [`SqlError::Interrupted`]) instead of ending
/// the process.
///
/// # Errors
/// When a statement fails or `out` does; what was written before stays.
pub fn run(
    database: &Database,
    sql: &str,
    format: Format,
    out: &mut dyn Write,
    screen: Screen,
) -> Result<QueryCount, SqlError> {
    let line = StatusLine::new(screen.spinner);
    let (stop, stopped) = channel::<()>();
    let keys = CtrlC::get().map(CtrlC::hold);
    let result = std::thread::scope(|scope| {
        let watch = Watch {
            activity: database.activity(),
            interrupt: database.interrupt(),
            keys: keys.as_ref().map(|held| held.0),
        };
        let watched = &line;
        scope.spawn(move || watch.until(&stopped, watched));
        let mut out = BufWriter::new(Clearing { out, line: &line });
        let mut sink = format.sink(&mut out, screen.layout);
        let result = database.query(sql, &mut *sink);
        drop(sink);
        let flushed = out.flush();
        drop(stop);
        result.and_then(|count| flushed.map(|()| count).map_err(SqlError::Output))
    });
    line.close();
    result
}

/// Ctrl-C of this process: ends it as usual, but while a query runs is only noted.
struct CtrlC {
    ends_process: Arc<AtomicBool>,
    pressed: Arc<AtomicBool>,
}

impl CtrlC {
    /// `None` where the signal cannot be caught.
    fn get() -> Option<&'static Self> {
        static ONCE: OnceLock<Option<CtrlC>> = OnceLock::new();
        ONCE.get_or_init(|| {
            let this = Self {
                ends_process: Arc::new(AtomicBool::new(true)),
                pressed: Arc::new(AtomicBool::new(false)),
            };
            let ends_process = Arc::clone(&this.ends_process);
            signal_hook::flag::register_conditional_default(SIGINT, ends_process).ok()?;
            signal_hook::flag::register(SIGINT, Arc::clone(&this.pressed)).ok()?;
            Some(this)
        })
        .as_ref()
    }

    fn hold(&'static self) -> Held {
        self.pressed.store(false, Ordering::SeqCst);
        self.ends_process.store(false, Ordering::SeqCst);
        Held(self)
    }
}

/// While it lives Ctrl-C does not end the process.
struct Held(&'static CtrlC);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.ends_process.store(true, Ordering::SeqCst);
    }
}

struct Watch {
    activity: Arc<Activity>,
    interrupt: Interrupt,
    keys: Option<&'static CtrlC>,
}

impl Watch {
    fn until(&self, stopped: &Receiver<()>, line: &StatusLine) {
        let started = Instant::now();
        let mut turn = 0;
        while stopped.recv_timeout(WATCH_INTERVAL) == Err(RecvTimeoutError::Timeout) {
            if self.keys.is_some_and(|keys| keys.pressed.swap(false, Ordering::SeqCst)) {
                self.interrupt.interrupt();
            }
            let elapsed = started.elapsed();
            if elapsed >= SPINNER_AFTER {
                line.show(&spinner_text(turn, self.activity.rows_read(), elapsed));
                turn += 1;
            }
        }
    }
}

fn spinner_text(turn: usize, rows_read: u64, elapsed: Duration) -> String {
    let wheel = ['|', '/', '-', '\\'].into_iter().cycle().nth(turn % 4).unwrap_or('|');
    format!("{wheel} {} rows read, {:.1} s", grouped(rows_read), elapsed.as_secs_f64())
}

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The last line of the terminal, on stderr, until results are written.
struct StatusLine(Mutex<LineState>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineState {
    Empty,
    Shown,
    Closed,
}

impl StatusLine {
    fn new(spinner: Spinner) -> Self {
        Self(Mutex::new(match spinner {
            Spinner::Shown => LineState::Empty,
            Spinner::Hidden => LineState::Closed,
        }))
    }

    fn show(&self, text: &str) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *state != LineState::Closed {
            *state = LineState::Shown;
            // A terminal that is gone is noticed by the result.
            let _ = write!(io::stderr(), "\r{text}\x1b[K");
        }
    }

    fn close(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == LineState::Shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
        *state = LineState::Closed;
    }
}

/// Clears the status line before the first output.
struct Clearing<'a> {
    out: &'a mut dyn Write,
    line: &'a StatusLine,
}

impl Write for Clearing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.close();
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::MemorySource;

    #[test]
    fn writes_a_result() {
        let database = Database::open(Arc::new(MemorySource::tree(3, 1))).unwrap();
        let mut out = Vec::new();
        let sql = "SELECT count(*) AS n FROM linux_process_events; SELECT 'x' AS t";
        let count = run(&database, sql, Format::Csv, &mut out, Screen::NONE).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "n\r\n9\r\nt\r\nx\r\n");
        assert_eq!((count.statements, count.rows, count.rows_read), (2, 2, 9));
    }

    #[test]
    fn numbers_and_spinners_read_well() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(
            spinner_text(1, 12_345, Duration::from_millis(1_260)),
            "/ 12,345 rows read, 1.3 s"
        );
    }
}
