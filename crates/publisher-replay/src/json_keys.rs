// SPDX-License-Identifier: Apache-2.0
//! What keys of JSON mean, by the place that they stand in. To know one more dialect is to add its
//! keys here.

use crate::place::{Head, Path, Place as Xml};
use crate::record::Span;

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The object that is the record.
    Root,
    /// An object whose keys are fields, at any depth.
    Fields,
    /// An object in the shape of event XML.
    Xml(Path),
    /// The attributes of an element in that shape.
    Attributes(Path),
    /// `winlog` of newer winlogbeat, and objects in it.
    Winlog,
    Process,
    Thread,
    User,
    /// A field by its name; `None` makes the next number its name.
    Field(Option<Span>),
    /// A value of the head.
    Head(Xml),
    Key(Key),
    Nothing,
}

/// Values of the head that need a second look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Timestamp,
    EventTime,
    Created,
    Level,
    Message,
}

/// What a key says.
pub(crate) struct Found {
    pub(crate) place: Place,
    /// The key is one of winlogbeat's.
    pub(crate) is_beat: bool,
    /// What a field is called.
    pub(crate) naming: Naming,
}

/// What a field is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// As its key.
    Key,
    /// By its number.
    Number,
    /// As the object that it is in.
    Parent,
}

fn found(place: Place) -> Found {
    Found { place, is_beat: false, naming: Naming::Key }
}

fn unnamed() -> Found {
    Found { naming: Naming::Number, ..found(Place::Field(None)) }
}

/// The place of the value of `key` in `parent`.
pub(crate) fn key_of(parent: Place, key: &str) -> Found {
    match parent {
        Place::Root => root(key),
        Place::Winlog => Found { is_beat: true, ..found(winlog(key)) },
        Place::Process => found(match key {
            "pid" => Place::Head(Xml::Pid),
            "thread" => Place::Thread,
            _ => Place::Nothing,
        }),
        Place::Thread => found(if key == "id" { Place::Head(Xml::Tid) } else { Place::Nothing }),
        Place::User => {
            found(if key == "identifier" { Place::Head(Xml::Sid) } else { Place::Nothing })
        }
        Place::Field(_) if key == "#text" => Found { naming: Naming::Parent, ..found(parent) },
        Place::Field(_) if key == "#attributes" => found(Place::Fields),
        Place::Fields | Place::Field(_) => found(Place::Field(None)),
        Place::Head(_) | Place::Key(_) if key == "#text" => found(parent),
        Place::Xml(path) => xml(path, key),
        Place::Attributes(path) => found(match path.attribute(key) {
            Xml::Nothing | Xml::Name => Place::Nothing,
            place => Place::Head(place),
        }),
        Place::Head(_) | Place::Key(_) | Place::Nothing => found(Place::Nothing),
    }
}

fn xml(path: Path, key: &str) -> Found {
    if key == "#attributes" {
        return found(Place::Attributes(path));
    }
    if key == "#text" {
        return found(content(path));
    }
    if let Some(element) = key.strip_suffix("_attributes") {
        return found(Place::Attributes(path.child(element)));
    }
    let child = path.child(key);
    match (path, child) {
        // `"Data": "x"` is unnamed data, `"Name": "x"` beside it a field.
        (Path::Data, Path::Field) if key == "Data" => unnamed(),
        (_, Path::Field) => found(Place::Field(None)),
        (_, Path::Head(_)) => found(match content(child) {
            Place::Head(place) => Place::Head(place),
            other => other,
        }),
        (_, Path::Other) => found(Place::Nothing),
        _ => found(Place::Xml(child)),
    }
}

fn content(path: Path) -> Place {
    match path.content() {
        Xml::Field => Place::Field(None),
        Xml::Head(Head::Message) => Place::Key(Key::Message),
        place @ Xml::Head(_) => Place::Head(place),
        _ => Place::Nothing,
    }
}

fn root(key: &str) -> Found {
    let head = |head| Place::Head(Xml::Head(head));
    let place = match key {
        "SourceName" | "source_name" => Place::Head(Xml::ProviderName),
        "ProviderGuid" | "provider_guid" => Place::Head(Xml::ProviderGuid),
        "Channel" | "log_name" | "LogName" => head(Head::Channel),
        "EventID" | "event_id" | "EventId" => head(Head::EventId),
        "Hostname" | "Computer" | "computer_name" | "MachineName" => head(Head::Computer),
        "RecordNumber" | "record_number" | "EventRecordID" => head(Head::RecordId),
        "ExecutionProcessID" | "process_id" => Place::Head(Xml::Pid),
        "ThreadID" | "thread_id" => Place::Head(Xml::Tid),
        "Version" | "version" => head(Head::Version),
        "Task" | "TaskValue" => head(Head::Task),
        "OpcodeValue" => head(Head::Opcode),
        "Keywords" => head(Head::Keywords),
        "UserID" => Place::Head(Xml::Sid),
        "Level" | "level" => Place::Key(Key::Level),
        "@timestamp" => Place::Key(Key::Timestamp),
        "EventTime" => Place::Key(Key::EventTime),
        "TimeCreated" | "TimeGenerated" => Place::Key(Key::Created),
        "Message" | "message" => Place::Key(Key::Message),
        "Event" => Place::Xml(Path::Event),
        "System" => Place::Xml(Path::System),
        "EventData" | "event_data" => Place::Fields,
        "UserData" | "user_data" => Place::Fields,
        "winlog" => Place::Winlog,
        "user" => Place::User,
        // Words of the collectors about themselves.
        "@version"
        | "@metadata"
        | "port"
        | "host"
        | "tags"
        | "type"
        | "beat"
        | "agent"
        | "ecs"
        | "event"
        | "log"
        | "opcode"
        | "task"
        | "keywords"
        | "SourceModuleName"
        | "SourceModuleType"
        | "EventReceivedTime"
        | "Severity"
        | "SeverityValue"
        | "Category"
        | "AccountType"
        | "Opcode"
        | "ERROR_EVT_UNRESOLVED"
        | "EventTypeOrignal"
        | "activity_id"
        | "related_activity_id" => Place::Nothing,
        _ => Place::Field(None),
    };
    let is_beat = matches!(key, "log_name" | "source_name" | "winlog" | "beat" | "agent");
    Found { is_beat, ..found(place) }
}

fn winlog(key: &str) -> Place {
    let head = |head| Place::Head(Xml::Head(head));
    match key {
        "provider_name" => Place::Head(Xml::ProviderName),
        "provider_guid" => Place::Head(Xml::ProviderGuid),
        "channel" => head(Head::Channel),
        "event_id" => head(Head::EventId),
        "computer_name" => head(Head::Computer),
        "record_id" => head(Head::RecordId),
        "version" => head(Head::Version),
        "process" => Place::Process,
        "user" => Place::User,
        "event_data" | "user_data" => Place::Fields,
        _ => Place::Nothing,
    }
}
