// SPDX-License-Identifier: Apache-2.0
//! Tests of `wire`: round trips, what is refused, and agreement with Apache's `thrift` crate.

use proptest::prelude::*;
use thrift::protocol::{
    TBinaryInputProtocol, TBinaryOutputProtocol, TFieldIdentifier, TInputProtocol, TListIdentifier,
    TMapIdentifier, TMessageIdentifier, TMessageType, TOutputProtocol, TStructIdentifier, TType,
};

use super::*;
use crate::message::{self, CallArguments, Response, Row, Rows, Status, Uuid};

fn row() -> impl Strategy<Value = Row> {
    proptest::collection::btree_map(".{0,8}", ".{0,20}", 0..6)
}

fn response() -> impl Strategy<Value = Response> {
    let status = (any::<i32>(), ".{0,12}", any::<i64>());
    let rows = proptest::collection::vec(row(), 0..6);
    (status, rows).prop_map(|((code, message, uuid), rows)| Response {
        status: Status { code, message, uuid: Uuid(uuid) },
        rows,
    })
}

fn read_response(mut bytes: &[u8], limits: Limits) -> Result<(Head, Response), WireError> {
    let mut reader = Reader::new(&mut bytes, limits);
    let head = reader.head()?;
    let mut response = None;
    reader.fields(|reader, id, ty| match (id, ty) {
        (0, Type::Struct) => {
            response = Some(Response::read(reader)?);
            Ok(Taken::Yes)
        }
        _ => Ok(Taken::No),
    })?;
    Ok((head, response.ok_or(WireError::Truncated)?))
}

proptest! {
    #[test]
    fn a_response_comes_back(response in response(), sequence in any::<i32>()) {
        let bytes = message::reply("call", sequence, Type::Struct, |writer| response.write(writer));
        let (head, read) = read_response(&bytes, Limits::REPLY).unwrap();
        prop_assert_eq!(head, Head { method: "call".to_owned(), kind: Kind::Reply, sequence });
        prop_assert_eq!(read, response);
    }

    #[test]
    fn a_cut_response_is_truncated(response in response(), at in any::<prop::sample::Index>()) {
        let bytes = message::reply("call", 0, Type::Struct, |writer| response.write(writer));
        let cut = at.index(bytes.len());
        let error = read_response(&bytes[..cut], Limits::REPLY).unwrap_err();
        let expected = if cut == 0 { "connection closed" } else { "message ends early" };
        prop_assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut reader = &bytes[..];
        let mut reader = Reader::new(&mut reader, Limits::REQUEST);
        let _ = reader.head();
        let _ = reader.skip(Type::Struct);
        let _ = CallArguments::read(&mut Reader::new(&mut &bytes[..], Limits::REQUEST));
        let _ = Response::read(&mut Reader::new(&mut &bytes[..], Limits::REQUEST));
        let _ = message::read_registry(&mut Reader::new(&mut &bytes[..], Limits::REQUEST));
    }

    #[test]
    fn a_damaged_request_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), request in row()) {
        let mut writer = Writer::message("call", Kind::Call, 0);
        CallArguments::write(&mut writer, "table", "probe", &request);
        let mut bytes = writer.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let mut source = &bytes[..];
        let mut reader = Reader::new(&mut source, Limits::REQUEST);
        if reader.head().is_ok() {
            let _ = CallArguments::read(&mut reader);
        }
    }

    #[test]
    fn the_thrift_crate_reads_what_we_write(response in response(), sequence in any::<i32>()) {
        let bytes = message::reply("call", sequence, Type::Struct, |writer| response.write(writer));
        let mut protocol = TBinaryInputProtocol::new(&bytes[..], true);
        let head = protocol.read_message_begin().unwrap();
        prop_assert_eq!((head.name.as_str(), head.message_type), ("call", TMessageType::Reply));
        prop_assert_eq!(head.sequence_number, sequence);
        protocol.read_struct_begin().unwrap();
        prop_assert_eq!(protocol.read_field_begin().unwrap().id, Some(0));
        prop_assert_eq!(theirs_read(&mut protocol), response);
        prop_assert_eq!(protocol.read_field_begin().unwrap().field_type, TType::Stop);
    }

    #[test]
    fn we_read_what_the_thrift_crate_writes(response in response(), sequence in any::<i32>(), strict in any::<bool>()) {
        let mut bytes = Vec::new();
        let mut protocol = TBinaryOutputProtocol::new(&mut bytes, strict);
        let head = TMessageIdentifier::new("call", TMessageType::Reply, sequence);
        protocol.write_message_begin(&head).unwrap();
        theirs_write(&mut protocol, &response);
        protocol.flush().unwrap();
        let (head, read) = read_response(&bytes, Limits::REPLY).unwrap();
        prop_assert_eq!(head, Head { method: "call".to_owned(), kind: Kind::Reply, sequence });
        prop_assert_eq!(read, response);
    }
}

fn theirs_field(protocol: &mut dyn TInputProtocol) -> Option<i16> {
    let field = protocol.read_field_begin().unwrap();
    field.id.filter(|_| field.field_type != TType::Stop)
}

fn theirs_read(protocol: &mut dyn TInputProtocol) -> Response {
    let mut response = Response { status: Status::ok(), rows: Rows::new() };
    protocol.read_struct_begin().unwrap();
    while let Some(id) = theirs_field(protocol) {
        if id == 1 {
            response.status = theirs_read_status(protocol);
            continue;
        }
        for _ in 0..protocol.read_list_begin().unwrap().size {
            let count = protocol.read_map_begin().unwrap().size;
            let mut entry = || (protocol.read_string().unwrap(), protocol.read_string().unwrap());
            response.rows.push((0..count).map(|_| entry()).collect());
        }
    }
    response
}

fn theirs_read_status(protocol: &mut dyn TInputProtocol) -> Status {
    let mut status = Status::ok();
    protocol.read_struct_begin().unwrap();
    while let Some(id) = theirs_field(protocol) {
        match id {
            1 => status.code = protocol.read_i32().unwrap(),
            2 => status.message = protocol.read_string().unwrap(),
            _ => status.uuid = Uuid(protocol.read_i64().unwrap()),
        }
    }
    status
}

fn theirs_write(protocol: &mut dyn TOutputProtocol, response: &Response) {
    let begin = |protocol: &mut dyn TOutputProtocol, ty, id| {
        protocol.write_field_begin(&TFieldIdentifier::new("field", ty, id)).unwrap();
    };
    protocol.write_struct_begin(&TStructIdentifier::new("result")).unwrap();
    begin(protocol, TType::Struct, 0);
    begin(protocol, TType::Struct, 1);
    begin(protocol, TType::I32, 1);
    protocol.write_i32(response.status.code).unwrap();
    begin(protocol, TType::String, 2);
    protocol.write_string(&response.status.message).unwrap();
    // A field that osquery does not have, to be skipped.
    begin(protocol, TType::Map, 77);
    protocol.write_map_begin(&TMapIdentifier::new(TType::I16, TType::Bool, 1)).unwrap();
    protocol.write_i16(7).unwrap();
    protocol.write_bool(true).unwrap();
    begin(protocol, TType::I64, 3);
    protocol.write_i64(response.status.uuid.0).unwrap();
    protocol.write_field_stop().unwrap();
    begin(protocol, TType::List, 2);
    protocol
        .write_list_begin(&TListIdentifier::new(
            TType::Map,
            i32::try_from(response.rows.len()).unwrap(),
        ))
        .unwrap();
    for row in &response.rows {
        let head =
            TMapIdentifier::new(TType::String, TType::String, i32::try_from(row.len()).unwrap());
        protocol.write_map_begin(&head).unwrap();
        for text in row.iter().flat_map(|(key, value)| [key, value]) {
            protocol.write_string(text).unwrap();
        }
    }
    protocol.write_field_stop().unwrap();
    protocol.write_field_stop().unwrap();
}

fn text_error(length: i32, limits: Limits) -> String {
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend_from_slice(b"abc");
    Reader::new(&mut &bytes[..], limits).text().unwrap_err().to_string()
}

#[test]
fn lengths_are_checked_before_they_are_believed() {
    assert_eq!(text_error(-1, Limits::REPLY), "string has the negative size -1");
    assert_eq!(text_error(4, Limits::REPLY), "message ends early");
    assert_eq!(
        text_error(i32::MAX, Limits::REPLY),
        "string of 2147483647 is over the bound of 104857600"
    );
    let small = Limits { message_bytes_max: 6, ..Limits::REPLY };
    assert_eq!(text_error(3, small), "message of 7 is over the bound of 6");
}

#[test]
fn a_count_that_the_message_cannot_hold_is_refused() {
    let mut bytes = vec![Type::Map.code()];
    bytes.extend_from_slice(&1_000_000_i32.to_be_bytes());
    let limits = Limits { message_bytes_max: 100, ..Limits::REPLY };
    let error = message::read_rows(&mut Reader::new(&mut &bytes[..], limits)).unwrap_err();
    assert_eq!(error.to_string(), "items of 1000000 is over the bound of 15");
}

#[test]
fn depth_is_bounded_when_reading_and_when_skipping() {
    // A struct whose field 1 is a struct whose field 1 …
    let bytes = [12, 0, 1].repeat(100_000);
    let error = Reader::new(&mut &bytes[..], Limits::REPLY).skip(Type::Struct).unwrap_err();
    assert_eq!(error.to_string(), "nested deeper than 16");
    let lists = [15, 0, 0, 0, 1].repeat(1000);
    let error = Reader::new(&mut &lists[..], Limits::REPLY).skip(Type::List).unwrap_err();
    assert_eq!(error.to_string(), "nested deeper than 16");
}

#[test]
fn heads_of_other_protocols_are_refused() {
    let head =
        |mut bytes: &[u8]| Reader::new(&mut bytes, Limits::REQUEST).head().unwrap_err().to_string();
    assert_eq!(
        head(b"GET / HTTP/1.1\r\n"),
        "no message of the binary protocol: first word 0x47455420"
    );
    assert_eq!(
        head(&[0x82, 0x21, 0, 0]),
        "no message of the binary protocol: first word 0x82210000"
    );
    assert_eq!(head(&[0x80, 0x01, 0, 9]), "message kind 9 cannot stand here");
}

#[test]
fn a_method_name_is_text() {
    let mut name = Writer::message("ping", Kind::Call, 1).into_bytes();
    let at = name.len() - 8;
    assert_eq!(&name[at..at + 4], b"ping");
    name[at] = 0xff;
    let head = |mut bytes: &[u8]| Reader::new(&mut bytes, Limits::REQUEST).head().unwrap_err();
    assert!(matches!(head(&name), WireError::Method));
    // The old form begins with the length; its bytes may come late, which is no other protocol.
    assert!(matches!(head(&[0, 0, 0, 4, b'p', 0xff, b'n', b'g', 1]), WireError::Version(4)));
    assert!(matches!(head(&[0, 0, 0, 4, b'p', b'i']), WireError::Truncated));
}

#[test]
fn an_empty_map_may_have_any_types() {
    let bytes = [0, 0, 0, 0, 0, 0];
    assert_eq!(
        message::read_row(&mut Reader::new(&mut &bytes[..], Limits::REPLY)).unwrap(),
        Row::new()
    );
}

#[test]
fn text_that_is_no_utf8_is_marked() {
    let bytes = [0, 0, 0, 3, b'a', 0xff, b'b'];
    assert_eq!(Reader::new(&mut &bytes[..], Limits::REPLY).text().unwrap(), "a\u{fffd}b");
}
