//! Addresses of resources with variables in them (RFC 6570, the parts that servers use).

use domain::offer;
use serde_json::Value;

/// How `{…}` is written out, and its variables.
struct Expression<'a> {
    operator: char,
    names: Vec<&'a str>,
}

/// The text between the expressions, and these.
fn parts(template: &str) -> Vec<Result<&str, Expression<'_>>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, opened)) = rest.split_once('{') {
        let Some((inner, after)) = opened.split_once('}') else { break };
        let operator = inner.chars().next().filter(|c| "+#./;?&".contains(*c)).unwrap_or(' ');
        let names = inner.trim_start_matches(operator).split(',').map(|name| {
            let name = name.trim().trim_end_matches('*');
            name.split_once(':').map_or(name, |(name, _)| name)
        });
        parts.push(Ok(before));
        parts.push(Err(Expression { operator, names: names.filter(|name| !name.is_empty()).collect() }));
        rest = after;
    }
    parts.push(Ok(rest));
    parts
}

/// A form for the variables of a template.
#[must_use]
pub fn schema(template: &str) -> Value {
    let mut names: Vec<(String, bool)> = Vec::new();
    for expression in parts(template).into_iter().filter_map(Result::err) {
        for name in expression.names {
            if !names.iter().any(|(known, _)| known == name) {
                // What belongs to the query may be left out, what belongs to the path not.
                names.push((name.to_owned(), !matches!(expression.operator, '?' | '&' | '#')));
            }
        }
    }
    offer::schema(names.iter().map(|(name, must)| (name, None, "", *must)))
}

/// The address that `values`, an object of texts, make of a template.
#[must_use]
pub fn expand(template: &str, values: &Value) -> String {
    let mut out = String::new();
    for part in parts(template) {
        let Expression { operator, names } = match part {
            Ok(text) => {
                out.push_str(text);
                continue;
            }
            Err(expression) => expression,
        };
        let raw = matches!(operator, '+' | '#');
        let given = names.into_iter().filter_map(|name| Some((name, values.get(name)?.as_str()?)));
        for (i, (name, value)) in given.filter(|(_, value)| !value.is_empty()).enumerate() {
            let (first, between) = match operator {
                '#' => ("#", ","),
                '.' => (".", "."),
                '/' => ("/", "/"),
                ';' => (";", ";"),
                '?' => ("?", "&"),
                '&' => ("&", "&"),
                _ => ("", ","),
            };
            out.push_str(if i == 0 { first } else { between });
            if matches!(operator, ';' | '?' | '&') {
                out.push_str(name);
                out.push('=');
            }
            out.push_str(&encoded(value, raw));
        }
    }
    out
}

fn encoded(text: &str, raw: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let kept = byte.is_ascii_alphanumeric()
            || b"-._~".contains(&byte)
            || raw && b":/?#[]@!$&'()*+,;=".contains(&byte);
        if kept {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn variables_become_parts_of_the_address() {
        let values = json!({ "id": "a b/c", "path": "x/y", "q": "한", "empty": "" });
        for (template, expected) in [
            ("demo://item/{id}", "demo://item/a%20b%2Fc"),
            ("file:///{+path}", "file:///x/y"),
            ("x://{id,q}", "x://a%20b%2Fc,%ED%95%9C"),
            ("x://a{/path,empty}", "x://a/x%2Fy"),
            ("x://a{?q,missing,empty}", "x://a?q=%ED%95%9C"),
            ("x://a?b=1{&path}", "x://a?b=1&path=x%2Fy"),
            ("x://{path:3}{#path}", "x://x%2Fy#x/y"),
            ("x://plain", "x://plain"),
            ("x://{open", "x://{open"),
        ] {
            assert_eq!(expand(template, &values), expected, "{template}");
        }
    }

    #[test]
    fn a_form_asks_for_each_variable_once() {
        let schema = schema("x://{a}/{+b}/{a}{?c}");
        let names: Vec<_> = schema["properties"].as_object().expect("members").keys().collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(schema["required"], json!(["a", "b"]));
    }
}
