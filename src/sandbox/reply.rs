//! Answers, and the one shape in which the API says no.

use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Map, Value, json};

/// A whole request: its body has been read.
pub(crate) type Request = hyper::Request<Bytes>;
/// A whole answer.
pub(crate) type Reply = Response<Bytes>;

/// A refusal of the API: `{"error", "error_code", "error_tag", "error_extra", "http_code"}`,
/// as the answer to a request or, in `sync_status`, to one command.
///
/// Codes 477 (a dead token), 20 and 19 (values) are Todoist's; the others are our choice,
/// because only the tags are documented.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    /// The status: that of the answer, or the one that a command would have had alone.
    pub(crate) http: u16,
    tag: &'static str,
    code: u16,
    message: String,
    extra: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(http: u16, tag: &'static str, code: u16, message: impl Into<String>) -> Self {
        Self { http, tag, code, message: message.into(), extra: Map::new() }
    }

    /// Adds a field to `error_extra`.
    pub(crate) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(field.to_owned(), value.into());
        self
    }

    pub(crate) fn invalid(argument: &str, explanation: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT_VALUE", 20, "Invalid argument value")
            .with("argument", argument)
            .with("explanation", explanation.into())
    }

    pub(crate) fn missing(argument: &str) -> Self {
        Self::new(400, "ARGUMENT_MISSING", 19, "Required argument is missing")
            .with("argument", argument)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "UNAUTHORIZED", 477, "Unauthorized")
    }

    pub(crate) fn forbidden(scope: &str) -> Self {
        Self::new(403, "FORBIDDEN", 403, "Insufficient token scope").with("required_scope", scope)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", 404, "Not found")
    }

    pub(crate) fn no_item() -> Self {
        Self::new(404, "ITEM_NOT_FOUND", 22, "Item not found")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(405, "METHOD_NOT_ALLOWED", 405, "Method not allowed")
    }

    pub(crate) fn gone() -> Self {
        Self::new(410, "GONE", 410, "This endpoint is deprecated: use /api/v1")
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(413, "PAYLOAD_TOO_LARGE", 413, "Request body is too large")
            .with("max_size", limit)
    }

    pub(crate) fn unsupported_media_type(expected: &str) -> Self {
        Self::new(415, "UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported content type")
            .with("explanation", format!("expected {expected}"))
    }

    /// `retry_after` in seconds stands in `error_extra` and in the header.
    pub(crate) fn rate_limited(retry_after: i64) -> Self {
        Self::new(429, "LIMITS_REACHED", 35, "Too many requests. Limits reached. Try again later")
            .with("retry_after", retry_after)
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "error": self.message, "error_code": self.code, "error_tag": self.tag,
            "error_extra": self.extra, "http_code": self.http,
        })
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let mut reply = json_reply(refusal.http, &refusal.to_json());
        if refusal.http == 401 {
            set(&mut reply, header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        }
        if let Some(seconds) = refusal.extra.get("retry_after") {
            set(&mut reply, header::RETRY_AFTER, &seconds.to_string());
        }
        reply
    }
}

/// An answer in JSON. It carries tokens and people's tasks: nobody may keep it.
pub(crate) fn json_reply(status: u16, body: &Value) -> Reply {
    let mut reply = text_reply(status, "application/json", body.to_string());
    set(&mut reply, header::CACHE_CONTROL, "no-store");
    reply
}

/// An answer with a text of some type.
pub(crate) fn text_reply(status: u16, content_type: &str, body: String) -> Reply {
    let mut reply = Response::new(Bytes::from(body));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    set(&mut reply, header::CONTENT_TYPE, content_type);
    reply
}

/// Sets a header; a value that no header may hold is left out.
pub(crate) fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}

/// The media type of a request's body, in lower case and without parameters.
pub(crate) fn content_type(request: &Request) -> String {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.unwrap_or("").split(';').next().unwrap_or("");
    essence.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_documented_fields_and_headers() {
        let reply: Reply = Refusal::unauthorized().into();
        let body: Value = serde_json::from_slice(reply.body()).unwrap();
        assert_eq!(reply.status(), 401);
        assert!(reply.headers().contains_key(header::WWW_AUTHENTICATE));
        assert_eq!(
            (&body["error_tag"], &body["error_code"]),
            (&json!("UNAUTHORIZED"), &json!(477))
        );
        let limited: Reply = Refusal::rate_limited(7).into();
        assert_eq!(limited.headers()[header::RETRY_AFTER], "7");
    }
}
