//! Parameters of a query or of a form (`application/x-www-form-urlencoded`).

/// The parameters, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `a=b&c=d`. Nothing is malformed here: whatever cannot be decoded is replaced.
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// The parameters in a request's query.
    pub(crate) fn of_query(request: &super::reply::Request) -> Self {
        Self::parse(request.uri().query().unwrap_or("").as_bytes())
    }

    /// The value of `name`. A parameter without a value counts as absent (RFC 6749
    /// section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A parameter that stands there more than once, which OAuth forbids (RFC 6749
    /// section 3.1 and 3.2).
    pub(crate) fn repeated(&self) -> Option<&str> {
        let names = self.0.iter().enumerate();
        names
            .filter(|(at, (name, _))| self.0[..*at].iter().any(|(earlier, _)| earlier == name))
            .map(|(_, (name, _))| name.as_str())
            .next()
    }

    /// Every name with its value.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_and_repetitions_noticed() {
        let form = Form::parse(b"a=x+y%21&b=&c=1&c=2");
        assert_eq!(form.get("a"), Some("x y!"));
        assert_eq!(form.get("b"), None);
        assert_eq!(form.repeated(), Some("c"));
        assert_eq!(Form::parse(b"a=1&b=1").repeated(), None);
    }
}
