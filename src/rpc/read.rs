//! Calls and replies from text.
//!
//! Elements become values as they close, from the inside out, as supervisord's reader does it; so nothing recurses, and what a
//! document takes is bounded by its size, about sixteen times, whatever it says. What supervisord reads is read alike, but for
//! document types; and a little more: malformed declarations, base64 without padding, raw control characters, `<i8>`.

use super::{Call, Fault, Reply, Value};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use std::fmt;

/// Elements may be in each other so deep. An array in an array takes three.
pub const DEPTH: usize = 128;

/// What is not XML, or not XML-RPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(String);

impl Malformed {
    fn new(why: impl fmt::Display) -> Malformed {
        Malformed(why.to_string())
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

/// Reads a call.
///
/// # Errors
/// [`Malformed`], also where it names no method; supervisord then answers 400.
pub fn read_call(document: &[u8]) -> Result<Call, Malformed> {
    let read = read(document)?;
    let method = read.method.filter(|method| !method.is_empty());
    Ok(Call {
        method: method.ok_or_else(|| Malformed::new("no method name"))?,
        params: read.params.unwrap_or_default(),
    })
}

/// Reads a reply.
///
/// # Errors
/// [`Malformed`], also where it is neither a value nor a fault.
pub fn read_reply(document: &[u8]) -> Result<Reply, Malformed> {
    let read = read(document)?;
    if let Some(fault) = read.fault {
        let code = fault.member("faultCode").and_then(Value::as_int);
        let message = fault.member("faultString").and_then(Value::as_text);
        let (Some(code), Some(message)) = (code, message) else { return Err(Malformed::new("a fault without a code")) };
        return Ok(Err(Fault { code, message: message.to_owned() }));
    }
    let value = read.params.and_then(|params| params.into_iter().next());
    value.map(Ok).ok_or_else(|| Malformed::new("neither a value nor a fault"))
}

/// What a document says, of whichever kind it is.
#[derive(Default)]
struct Document {
    method: Option<String>,
    params: Option<Vec<Value>>,
    fault: Option<Value>,
}

/// An element that is not closed yet.
#[derive(Default)]
struct Open {
    name: String,
    /// The text before the first element inside; that after it says nothing.
    text: String,
    /// What the elements inside came to.
    inside: Vec<Value>,
}

fn read(document: &[u8]) -> Result<Document, Malformed> {
    let text = str::from_utf8(document).map_err(Malformed::new)?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut read = Document::default();
    let mut open: Vec<Open> = Vec::new();
    let mut rooted = false;
    loop {
        match reader.read_event().map_err(Malformed::new)? {
            Event::Start(_) if rooted && open.is_empty() => return Err(Malformed::new("junk after document element")),
            Event::Start(_) if open.len() == DEPTH => return Err(Malformed::new("nested too deep")),
            Event::Start(tag) => {
                rooted = true;
                open.push(Open { name: tag.name().as_ref().to_owned(), ..Open::default() });
            }
            // The reader has seen to it that the names agree.
            Event::End(_) => {
                if let Some(closed) = open.pop() {
                    let value = read.close(closed)?;
                    if let Some(outer) = open.last_mut() {
                        outer.inside.push(value);
                    }
                }
            }
            Event::Text(more) => append(&mut open, &more.xml10_content())?,
            Event::CData(more) => append(&mut open, &more.xml10_content())?,
            Event::GeneralRef(reference) => append(&mut open, resolve(&reference)?.encode_utf8(&mut [0; 4]))?,
            Event::DocType(_) => return Err(Malformed::new("a document type is refused")),
            Event::Eof if rooted && open.is_empty() => return Ok(read),
            Event::Eof => return Err(Malformed::new("no element found")),
            // Those that expand_empty_elements leaves none of, and those that say nothing.
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => (),
        }
    }
}

fn append(open: &mut [Open], text: &str) -> Result<(), Malformed> {
    match open.last_mut() {
        Some(element) if element.inside.is_empty() => element.text.push_str(text),
        Some(_) => (),
        None if text.trim_ascii().is_empty() => (),
        None => return Err(Malformed::new("text outside of the document element")),
    }
    Ok(())
}

/// One of XML's own five entities, or a character by its number. There are no others.
fn resolve(reference: &BytesRef) -> Result<char, Malformed> {
    if let Some(character) = reference.resolve_char_ref().map_err(Malformed::new)? {
        return Ok(character);
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        name => Err(Malformed::new(format_args!("undefined entity {name:?}"))),
    }
}

impl Document {
    /// What an element comes to. Where supervisord takes the first element inside and does not look at its name, so does this.
    fn close(&mut self, Open { name, text, inside }: Open) -> Result<Value, Malformed> {
        let mut inside = inside;
        let bad = |what: &str| Malformed::new(format_args!("bad {what} {text:?}"));
        Ok(match name.as_str() {
            "int" | "i4" | "i8" => Value::Int(whole(&text).ok_or_else(|| bad("int"))?),
            "boolean" => Value::Bool(text == "1"),
            "double" => Value::Double(text.trim().parse().map_err(|_| bad("double"))?),
            "dateTime.iso8601" if is_date_time(&text) => Value::DateTime(text),
            "dateTime.iso8601" => return Err(bad("dateTime")),
            "base64" => unbase64(&text).ok_or_else(|| bad("base64"))?,
            "data" | "member" => Value::Array(inside),
            "array" | "param" => first(inside).ok_or_else(|| Malformed::new(format_args!("empty {name}")))?,
            "value" => first(inside).unwrap_or(Value::Text(text)),
            "struct" => Value::Struct(inside.into_iter().map(member).collect::<Result<_, _>>()?),
            "fault" => {
                self.fault = first(inside);
                Value::Nil
            }
            "params" => {
                self.params = Some(std::mem::take(&mut inside));
                Value::Nil
            }
            "methodName" => {
                self.method = Some(text);
                Value::Nil
            }
            "string" | "name" => Value::Text(text),
            _ if text.is_empty() => Value::Nil,
            _ => Value::Text(text),
        })
    }
}

fn first(inside: Vec<Value>) -> Option<Value> {
    inside.into_iter().next()
}

/// A `<member>`: a name and a value, in this order whatever they are called.
fn member(member: Value) -> Result<(String, Value), Malformed> {
    let Value::Array(pair) = member else { return Err(Malformed::new("a struct of other than members")) };
    let mut pair = pair.into_iter();
    match (pair.next(), pair.next(), pair.next()) {
        (Some(Value::Text(name)), Some(value), None) => Ok((name, value)),
        _ => Err(Malformed::new("a member is a name and a value")),
    }
}

/// A whole number as Python's `int` reads it, but the nearest where there are not bits enough.
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let nearest = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    is_number.then(|| text.parse().unwrap_or(nearest))
}

/// Whether it has the shape `20260131T23:59:59`.
fn is_date_time(text: &str) -> bool {
    let shape = "00000000T00:00:00";
    let fits = |(is, wanted): (u8, u8)| if wanted == b'0' { is.is_ascii_digit() } else { is == wanted };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

/// What is no digit of base64 is passed over, as Python does.
fn unbase64(text: &str) -> Option<Value> {
    const LAX: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let digits: Vec<u8> = text.bytes().filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte)).collect();
    let bytes = LAX.decode(digits).ok()?;
    Some(String::from_utf8(bytes).map_or_else(|error| Value::Bytes(error.into_bytes()), Value::Text))
}

#[cfg(test)]
mod tests {
    use super::super::{write_call, write_reply};
    use super::*;

    fn params(params: &str) -> Result<Vec<Value>, Malformed> {
        let document = format!("<methodCall><methodName>m</methodName><params>{params}</params></methodCall>");
        read_call(document.as_bytes()).map(|call| call.params)
    }

    fn value(value: &str) -> Option<Value> {
        params(&format!("<param>{value}</param>")).ok().map(|values| values[0].clone())
    }

    fn text(text: &str) -> Option<Value> {
        Some(Value::text(text))
    }

    /// Each as supervisord 4.3.0's `loads` reads it.
    #[test]
    fn values_are_read_as_laxly_as_supervisord_reads_them() {
        assert_eq!(value("<value>bare</value>"), text("bare"));
        assert_eq!(value("<value> a </value>"), text(" a "));
        assert_eq!(value("<value/>"), text(""));
        assert_eq!(value("<value><string/></value>"), text(""));
        assert_eq!(value("<string>naked</string>"), text("naked"));
        assert_eq!(value("<VALUE>x</VALUE>"), text("x"));
        assert_eq!(value("<value>pre<string>in</string>post</value>"), text("in"));
        assert_eq!(value("<value><string>a</string><int>1</int></value>"), text("a"));
        assert_eq!(value("<value><string>a<b>c</b>d</string></value>"), text("a"));
        assert_eq!(value("<value><unknown>t</unknown></value>"), text("t"));
        assert_eq!(value("<value><unknown/></value>"), Some(Value::Nil));
        assert_eq!(value("<value a='b'>x</value>"), text("x"));
        assert_eq!(value("<value>a<!-- c -->b<?pi x?>c</value>"), text("abc"));
        assert_eq!(value("<value>a\r\nb\rc&#13;</value>"), text("a\nb\nc\r"));
        assert_eq!(value("<value>&lt;&#65;&#x42;&amp;&apos;&quot;</value>"), text("<AB&'\""));
        assert_eq!(value("<value><![CDATA[<x>]]></value>"), text("<x>"));
        assert_eq!(value("<value><int> +12 </int></value>"), Some(Value::Int(12)));
        assert_eq!(value("<value><i4>-7</i4></value>"), Some(Value::Int(-7)));
        assert_eq!(value("<value><int>99999999999999999999</int></value>"), Some(Value::Int(i64::MAX)));
        assert_eq!(value("<value><boolean>1</boolean></value>"), Some(Value::Bool(true)));
        assert_eq!(value("<value><boolean>true</boolean></value>"), Some(Value::Bool(false)));
        assert_eq!(value("<value><double> 1.5e3 </double></value>"), Some(Value::Double(1500.0)));
        assert_eq!(value("<value><nil/></value>"), Some(Value::Nil));
        assert_eq!(value("<value><base64>aGVs\nbG8=</base64></value>"), text("hello"));
        assert_eq!(value("<value><base64>aGV*sbG8=</base64></value>"), text("hello"));
        assert_eq!(value("<value><base64>/////w==</base64></value>"), Some(Value::Bytes(vec![255; 4])));
        assert_eq!(value("<value><array> <data/> </array></value>"), Some(Value::Array(vec![])));
        let two = Value::Array(vec![Value::text("x"), Value::Int(1)]);
        assert_eq!(
            value("<value><array><data><value>x</value><value><int>1</int></value></data></array></value>"),
            Some(two)
        );
        assert_eq!(value("<value><struct/></value>"), Some(Value::Struct(vec![])));
        let twice = value(
            "<value><struct><member><name>a</name><value>b</value></member>\
             <member><name>a</name><value>c</value></member></struct></value>",
        );
        assert_eq!(twice.unwrap().member("a"), Some(&Value::text("c")));
        assert_eq!(params("<value>x</value>").unwrap(), [Value::text("x")]);
    }

    #[test]
    fn what_supervisord_answers_with_400_is_malformed() {
        let values = [
            "<value><int></int></value>",
            "<value><int>0x10</int></value>",
            "<value><int>1.0</int></value>",
            "<value><i4><string>5</string></i4></value>",
            "<value><double>x</double></value>",
            "<value><dateTime.iso8601>x</dateTime.iso8601></value>",
            "<value><base64>a</base64></value>",
            "<value><array/></value>",
            "<value><struct><member><name>a</name></member></struct></value>",
            "<value><struct><a>b</a></struct></value>",
            "",
            "plain",
            "<value>&foo;</value>",
            "<value>&#0;</value>",
            "<value>&#xD800;</value>",
            "<value>a & b</value>",
        ];
        for refused in values {
            assert_eq!(value(refused), None, "{refused}");
        }
        let documents = [
            "",
            "x",
            "<a/>",
            "<methodCall/>",
            "<methodCall><methodName/></methodCall>",
            "<methodCall><methodName>a</methodName><params>",
            "<methodCall><methodName>a</methodName></methodCall>junk",
            "<methodCall><methodName>a</methodName></methodCall><methodCall/>",
            "<methodCall><methodName>a</methodName></methodCal>",
            "</a>",
        ];
        for refused in documents {
            assert!(read_call(refused.as_bytes()).is_err(), "{refused}");
        }
        assert!(read_call(b"<methodName>\xff</methodName>").is_err());
    }

    #[test]
    fn a_call_need_not_speak_of_parameters() {
        for document in ["<methodName>a.b</methodName>", "<?xml version='1.0'?>\n<c><methodName>a.b</methodName></c>\n"]
        {
            assert_eq!(read_call(document.as_bytes()), Ok(Call { method: "a.b".to_owned(), params: vec![] }));
        }
    }

    #[test]
    fn bombs_are_refused() {
        let entities = "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><methodName>&b;</methodName>";
        assert!(read_call(entities.as_bytes()).is_err());
        let deep = format!("<methodName>a</methodName>{}", "<value>".repeat(1_000_000));
        assert!(read_call(deep.as_bytes()).is_err());
        let within = |depth: usize| "<a>".repeat(depth) + "<methodName>m</methodName>" + &"</a>".repeat(depth);
        assert!(read_call(within(DEPTH - 1).as_bytes()).is_ok());
        assert!(read_call(within(DEPTH).as_bytes()).is_err());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let value = Value::Struct(vec![
            ("a <name>".to_owned(), Value::Array(vec![Value::Int(-1), Value::Bool(true), Value::text(" <&> é ")])),
            ("".to_owned(), Value::Double(1e-7)),
            ("d".to_owned(), Value::DateTime("20260131T23:59:59".to_owned())),
            ("b".to_owned(), Value::Bytes((128..=255).collect())),
            ("e".to_owned(), Value::Struct(vec![])),
            ("n".to_owned(), Value::Nil),
        ]);
        let call = Call { method: "m".to_owned(), params: vec![value.clone(), Value::text("")] };
        assert_eq!(read_call(&write_call(&call)), Ok(call));
        assert_eq!(read_reply(&write_reply(&Ok(value.clone()))), Ok(Ok(value)));
        let fault = Err(Fault { code: 92, message: "CANT_REREAD: x".to_owned() });
        assert_eq!(read_reply(&write_reply(&fault)), Ok(fault));
        assert!(read_reply(b"<methodResponse><params/></methodResponse>").is_err());
        assert!(read_reply(b"<methodResponse><fault><value>x</value></fault></methodResponse>").is_err());
    }
}
