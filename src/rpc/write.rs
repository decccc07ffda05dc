//! Calls and replies as text, to the byte as Python's `xmlrpc.client.dumps` writes them.

use super::{Call, Fault, Reply, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const DECLARATION: &str = "<?xml version='1.0'?>\n";

/// So many bytes go into a line of base64.
const BASE64_LINE: usize = 57;

/// A call as a document.
#[must_use]
pub fn write_call(call: &Call) -> Vec<u8> {
    let mut out = format!("{DECLARATION}<methodCall>\n<methodName>");
    escape(&mut out, &call.method);
    out.push_str("</methodName>\n<params>\n");
    for param in &call.params {
        write_param(&mut out, param);
    }
    out.push_str("</params>\n</methodCall>\n");
    out.into_bytes()
}

/// A reply as a document.
#[must_use]
pub fn write_reply(reply: &Reply) -> Vec<u8> {
    let mut out = format!("{DECLARATION}<methodResponse>\n");
    match reply {
        Ok(value) => {
            out.push_str("<params>\n");
            write_param(&mut out, value);
            out.push_str("</params>\n");
        }
        Err(Fault { code, message }) => {
            out.push_str("<fault>\n<value><struct>\n");
            write_member(&mut out, "faultCode", &Value::Int(*code));
            write_member(&mut out, "faultString", &Value::text(message));
            out.push_str("</struct></value>\n</fault>\n");
        }
    }
    out.push_str("</methodResponse>\n");
    out.into_bytes()
}

fn write_param(out: &mut String, value: &Value) {
    out.push_str("<param>\n");
    write_value(out, value);
    out.push_str("</param>\n");
}

fn write_member(out: &mut String, name: &str, value: &Value) {
    out.push_str("<member>\n<name>");
    escape(out, name);
    out.push_str("</name>\n");
    write_value(out, value);
    out.push_str("</member>\n");
}

fn write_value(out: &mut String, value: &Value) {
    out.push_str("<value>");
    match value {
        // The one that Python ends without a newline.
        Value::Nil => return out.push_str("<nil/></value>"),
        Value::Int(number) => {
            let written = i32::try_from(*number).unwrap_or(if *number < 0 { i32::MIN } else { i32::MAX });
            out.push_str(&format!("<int>{written}</int>"));
        }
        Value::Bool(yes) => out.push_str(if *yes { "<boolean>1</boolean>" } else { "<boolean>0</boolean>" }),
        Value::Text(text) => {
            out.push_str("<string>");
            escape(out, text);
            out.push_str("</string>");
        }
        Value::Double(number) => out.push_str(&format!("<double>{}</double>", double(*number))),
        Value::DateTime(time) => {
            out.push_str("<dateTime.iso8601>");
            escape(out, time);
            out.push_str("</dateTime.iso8601>");
        }
        Value::Bytes(bytes) => {
            out.push_str("<base64>\n");
            for line in bytes.chunks(BASE64_LINE) {
                STANDARD.encode_string(line, out);
                out.push('\n');
            }
            out.push_str("</base64>");
        }
        Value::Array(values) => {
            out.push_str("<array><data>\n");
            for value in values {
                write_value(out, value);
            }
            out.push_str("</data></array>");
        }
        Value::Struct(members) => {
            out.push_str("<struct>\n");
            for (name, value) in members {
                write_member(out, name, value);
            }
            out.push_str("</struct>");
        }
    }
    out.push_str("</value>\n");
}

/// Text between tags. What XML has no way to say (a log's escape sequences and bells) becomes U+FFFD: supervisord writes it as
/// it is, and no client can read the reply.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(character),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(character),
        }
    }
}

/// A number as Python's `repr` has it: `1.0`, `0.0001`, `1e+16`, `1.5e-07`.
fn double(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if !number.is_finite() {
        return if number < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = number.to_string();
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::*;

    fn written(value: Value) -> String {
        let mut out = String::new();
        write_value(&mut out, &value);
        out
    }

    /// The texts are what Python 3.11 writes.
    #[test]
    fn a_document_is_what_python_writes() {
        let call = Call { method: "a.b".to_owned(), params: vec![Value::Int(1), Value::text("x")] };
        assert_eq!(
            String::from_utf8(write_call(&call)).unwrap(),
            "<?xml version='1.0'?>\n<methodCall>\n<methodName>a.b</methodName>\n<params>\n<param>\n\
             <value><int>1</int></value>\n</param>\n<param>\n<value><string>x</string></value>\n</param>\n\
             </params>\n</methodCall>\n"
        );
        assert_eq!(
            String::from_utf8(write_reply(&Ok(Value::Bool(true)))).unwrap(),
            "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><boolean>1</boolean></value>\n\
             </param>\n</params>\n</methodResponse>\n"
        );
        assert_eq!(
            String::from_utf8(write_reply(&Err(Fault::because(Code::BadName, "<x>")))).unwrap(),
            "<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n<member>\n<name>faultCode</name>\n\
             <value><int>10</int></value>\n</member>\n<member>\n<name>faultString</name>\n\
             <value><string>BAD_NAME: &lt;x&gt;</string></value>\n</member>\n</struct></value>\n</fault>\n\
             </methodResponse>\n"
        );
    }

    #[test]
    fn values_are_what_python_writes() {
        assert_eq!(
            written(Value::text("a<b>&\"'é\r\n\t ]]>")),
            "<value><string>a&lt;b&gt;&amp;\"'é\r\n\t ]]&gt;</string></value>\n"
        );
        assert_eq!(written(Value::Array(vec![])), "<value><array><data>\n</data></array></value>\n");
        assert_eq!(
            written(Value::Array(vec![Value::Array(vec![Value::Int(-2)])])),
            "<value><array><data>\n<value><array><data>\n<value><int>-2</int></value>\n</data></array></value>\n\
             </data></array></value>\n"
        );
        assert_eq!(
            written(Value::Struct(vec![("a<".to_owned(), Value::Bool(false))])),
            "<value><struct>\n<member>\n<name>a&lt;</name>\n<value><boolean>0</boolean></value>\n</member>\n\
             </struct></value>\n"
        );
        assert_eq!(
            written(Value::Bytes(vec![b'x'; 100])),
            format!("<value><base64>\n{}\n{}\n</base64></value>\n", "eHh4".repeat(19), "eHh4".repeat(14) + "eA==")
        );
        assert_eq!(written(Value::Bytes(vec![])), "<value><base64>\n</base64></value>\n");
        assert_eq!(
            written(Value::DateTime("20260102T03:04:05".to_owned())),
            "<value><dateTime.iso8601>20260102T03:04:05</dateTime.iso8601></value>\n"
        );
        assert_eq!(written(Value::Int(i64::MAX)), "<value><int>2147483647</int></value>\n");
        assert_eq!(written(Value::text("\x1b[1m\x07")), "<value><string>\u{fffd}[1m\u{fffd}</string></value>\n");
    }

    #[test]
    fn numbers_are_pythons_repr() {
        let python =
            ["1.0", "0.1", "1e+100", "1e+16", "1e-05", "123456789.125", "-0.0", "1.5e-07", "0.0001", "-2.5e+17"];
        for text in python {
            assert_eq!(double(text.parse().unwrap()), text);
        }
        assert_eq!(double(1e15), "1000000000000000.0");
        assert_eq!(double(f64::NEG_INFINITY), "-inf");
        assert_eq!(double(f64::NAN), "nan");
    }
}
