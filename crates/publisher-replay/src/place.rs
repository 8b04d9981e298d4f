// SPDX-License-Identifier: Apache-2.0
//! Where in an event a piece of it stands. Binary XML, XML text and the JSON form of XML all walk the
//! same paths, so that one table of places serves them.

use crate::record::{Draft, Span};
use crate::time;

/// The element that a reader is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Path {
    /// Above `Event`.
    Document,
    Event,
    System,
    Provider,
    Head(Head),
    TimeCreated,
    Execution,
    Security,
    /// `EventData`.
    Data,
    /// `UserData` and the element in it.
    User,
    /// One field: `Data`, or an element under `UserData`.
    Field,
    /// `RenderingInfo`.
    Rendering,
    /// Nothing that is kept.
    Other,
}

/// Elements of `System` whose content is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Head {
    EventId,
    Version,
    Level,
    Task,
    Opcode,
    Keywords,
    RecordId,
    Channel,
    Computer,
    Message,
}

/// What becomes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Nothing,
    Head(Head),
    ProviderName,
    /// Name of the source, when the provider gives both.
    ProviderSource,
    ProviderGuid,
    Time,
    Pid,
    Tid,
    Sid,
    /// The `Name` of a data element.
    Name,
    Field,
    /// A fragment that stands in for elements under this one.
    Fragment(Path),
}

impl Path {
    /// The path of a child element.
    pub(crate) fn child(self, name: &str) -> Self {
        match (self, name) {
            (Self::Document, "Event") => Self::Event,
            (Self::Event | Self::Document, "System") => Self::System,
            (Self::Event | Self::Document, "EventData") => Self::Data,
            (Self::Event | Self::Document, "UserData") => Self::User,
            (Self::Event, "RenderingInfo") => Self::Rendering,
            (Self::Event, "ProcessingErrorData" | "BinaryEventData" | "DebugData") => Self::Data,
            (Self::System, "Provider") => Self::Provider,
            (Self::System, "TimeCreated") => Self::TimeCreated,
            (Self::System, "Execution") => Self::Execution,
            (Self::System, "Security") => Self::Security,
            (Self::System, "EventID") => Self::Head(Head::EventId),
            (Self::System, "Version") => Self::Head(Head::Version),
            (Self::System, "Level") => Self::Head(Head::Level),
            (Self::System, "Task") => Self::Head(Head::Task),
            (Self::System, "Opcode") => Self::Head(Head::Opcode),
            (Self::System, "Keywords") => Self::Head(Head::Keywords),
            (Self::System, "EventRecordID") => Self::Head(Head::RecordId),
            (Self::System, "Channel") => Self::Head(Head::Channel),
            (Self::System, "Computer") => Self::Head(Head::Computer),
            (Self::Rendering, "Message") => Self::Head(Head::Message),
            (Self::Data | Self::User | Self::Field, _) => Self::Field,
            _ => Self::Other,
        }
    }

    /// Where the value of an attribute goes.
    pub(crate) fn attribute(self, name: &str) -> Place {
        match (self, name) {
            (Self::Provider, "Name") => Place::ProviderName,
            (Self::Provider, "EventSourceName") => Place::ProviderSource,
            (Self::Provider, "Guid") => Place::ProviderGuid,
            (Self::TimeCreated, "SystemTime") => Place::Time,
            (Self::Execution, "ProcessID") => Place::Pid,
            (Self::Execution, "ThreadID") => Place::Tid,
            (Self::Security, "UserID") => Place::Sid,
            (Self::Field, "Name") => Place::Name,
            (Self::Field, "xmlns") => Place::Nothing,
            // Attributes in the data of users are data as well.
            (Self::Field, _) => Place::Field,
            _ => Place::Nothing,
        }
    }

    /// Where text goes that stands in the element itself.
    pub(crate) fn content(self) -> Place {
        match self {
            Self::Head(head) => Place::Head(head),
            Self::Field => Place::Field,
            Self::Document | Self::Event | Self::Data | Self::User => Place::Fragment(self),
            _ => Place::Nothing,
        }
    }

    /// Whether a field of that name has none in truth: `Data`.
    pub(crate) fn is_unnamed(self, name: &str) -> bool {
        self == Self::Field && name == "Data"
    }
}

/// Numbers as logs write them: decimal, or hexadecimal after `0x`; signed or not.
pub(crate) fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return Some(i64::from_le_bytes(u64::from_str_radix(digits, 16).ok()?.to_le_bytes()));
    }
    text.parse::<i64>()
        .ok()
        .or_else(|| Some(i64::from_le_bytes(text.parse::<u64>().ok()?.to_le_bytes())))
}

impl Place {
    /// Puts a number into the head; `false` when a text belongs there.
    pub(crate) fn put_number(self, number: i64, draft: &mut Draft<'_>) -> bool {
        let head = &mut draft.head;
        match self {
            Self::Head(Head::EventId) => head.event_id = number,
            Self::Head(Head::Version) => head.version = Some(number),
            Self::Head(Head::Level) => head.level = Some(number),
            Self::Head(Head::Task) => head.task = Some(number),
            Self::Head(Head::Opcode) => head.opcode = Some(number),
            Self::Head(Head::Keywords) => head.keywords = Some(number),
            Self::Head(Head::RecordId) => head.record_id = Some(number),
            Self::Pid => head.pid = Some(number),
            Self::Tid => head.tid = Some(number),
            Self::Nothing => {}
            _ => return false,
        }
        true
    }

    /// Puts a text that is in the block already into the head. `None` when the event id or the time
    /// is none; other numbers that are none are left out.
    pub(crate) fn put_span(self, span: Span, draft: &mut Draft<'_>) -> Option<()> {
        match self {
            Self::Head(Head::Channel) => draft.head.channel = span,
            Self::Head(Head::Computer) => draft.head.computer = span,
            Self::Head(Head::Message) => draft.head.message = span,
            Self::ProviderName => draft.head.provider = span,
            Self::ProviderSource => {
                if draft.str(draft.head.provider).is_empty() {
                    draft.head.provider = span;
                }
            }
            Self::Sid => draft.head.sid = span,
            Self::ProviderGuid => {
                let text = draft.str(span).trim_matches(['{', '}']);
                draft.head.provider_guid = evtables_schema::ids::parse_uuid(text);
            }
            Self::Time => draft.head.time_ns = time::parse(draft.str(span))?,
            Self::Head(Head::EventId) => draft.head.event_id = number(draft.str(span))?,
            place => {
                if let Some(number) = number(draft.str(span)) {
                    place.put_number(number, draft);
                }
            }
        }
        Some(())
    }
}
