//! What WhatsApp posts, as it lies in the bytes: borrowed, and forgiving. Below the envelope a value of an unexpected type
//! reads as nothing, so that one odd message in a batch of a thousand costs nothing but itself.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The whole body. This much must be as documented.
#[derive(serde::Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct Envelope<'a> {
    pub object: Text<'a>,
    pub entry: Vec<Entry<'a>>,
}

/// One WhatsApp Business account's share of the batch.
#[derive(serde::Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct Entry<'a> {
    pub changes: Vec<Change<'a>>,
}

/// One change: `field` names what `value` holds.
#[derive(serde::Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct Change<'a> {
    pub field: Text<'a>,
    #[serde(default)]
    pub value: Object<Value<'a>>,
}

macro_rules! forgiving {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Default, serde::Deserialize)]
        #[serde(default, bound(deserialize = "'de: 'a"))]
        pub(super) struct $name<'a> {
            $(pub $field: $type,)*
        }
    )*};
}

forgiving! {
    /// The union of the values of every field that we read.
    Value {
        metadata: Object<Metadata<'a>>,
        contacts: List<Contact<'a>>,
        messages: List<Message<'a>>,
        statuses: List<Status<'a>>,
        message_echoes: List<Message<'a>>,
        calls: List<Call<'a>>,
        standby: Object<Standby<'a>>,
        history: List<Chunk<'a>>,
    }
    Metadata {
        display_phone_number: Text<'a>,
        phone_number_id: Text<'a>,
    }
    Contact {
        profile: Object<Profile<'a>>,
        wa_id: Text<'a>,
        user_id: Text<'a>,
    }
    Profile {
        name: Text<'a>,
        username: Text<'a>,
    }
    /// The nested shape of `standby`; the flat one has the same lists in [`Value`].
    Standby {
        contacts: List<Contact<'a>>,
        messages: List<Message<'a>>,
    }
    /// A part of `history`.
    Chunk {
        threads: List<Thread<'a>>,
    }
    Thread {
        messages: List<Message<'a>>,
    }
    /// A message or an echo: `kind` names the sibling that holds its content.
    Message {
        from: Text<'a>,
        from_user_id: Text<'a>,
        to: Text<'a>,
        to_user_id: Text<'a>,
        id: Text<'a>,
        timestamp: Text<'a>,
        group_id: Text<'a>,
        r#type: Text<'a>,
        text: Object<Part<'a>>,
        image: Object<Part<'a>>,
        video: Object<Part<'a>>,
        document: Object<Part<'a>>,
        button: Object<Part<'a>>,
        location: Object<Part<'a>>,
        order: Object<Part<'a>>,
        reaction: Object<Part<'a>>,
        interactive: Object<Interactive<'a>>,
        contacts: List<Card<'a>>,
        edit: Object<Edit<'a>>,
        unsupported: Object<Unsupported<'a>>,
        errors: List<Problem<'a>>,
    }
    /// The union of what a message's content may say in words.
    Part {
        body: Text<'a>,
        caption: Text<'a>,
        filename: Text<'a>,
        text: Text<'a>,
        title: Text<'a>,
        name: Text<'a>,
        address: Text<'a>,
        emoji: Text<'a>,
    }
    #[expect(clippy::struct_field_names, reason = "the provider's words")]
    Interactive {
        button_reply: Object<Part<'a>>,
        list_reply: Object<Part<'a>>,
        nfm_reply: Object<Part<'a>>,
    }
    /// A contact that was sent as a message.
    Card {
        name: Object<CardName<'a>>,
    }
    CardName {
        formatted_name: Text<'a>,
    }
    Edit {
        message: Object<Message<'a>>,
    }
    Unsupported {
        r#type: Text<'a>,
    }
    Problem {
        code: Text<'a>,
    }
    #[expect(clippy::struct_field_names, reason = "the provider's words")]
    Status {
        id: Text<'a>,
        status: Text<'a>,
        biz_opaque_callback_data: Text<'a>,
        errors: List<Problem<'a>>,
    }
    Call {
        id: Text<'a>,
        from: Text<'a>,
        from_user_id: Text<'a>,
        event: Text<'a>,
        direction: Text<'a>,
        timestamp: Text<'a>,
        duration: Text<'a>,
    }
}

/// A string or a number as text; empty for anything else.
#[derive(Default)]
pub(super) struct Text<'a>(Cow<'a, str>);

/// An object, or nothing.
pub(super) struct Object<T>(Option<Box<T>>);

/// The objects of a list; empty for anything else.
pub(super) struct List<T>(Vec<T>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Object<T> {
    pub fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// Visits that read as nothing.
macro_rules! nothing {
    ($($visit:ident($type:ty))*) => {$(
        fn $visit<E>(self, _: $type) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    )*};
    (unit) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (map) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
    (seq) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
}

struct TextVisitor;
struct ObjectVisitor<T>(PhantomData<T>);
struct ListVisitor<T>(PhantomData<T>);

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }

    nothing!(visit_bool(bool) visit_f64(f64));
    nothing!(unit);
    nothing!(map);
    nothing!(seq);
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        Ok(Object(Some(Box::new(T::deserialize(MapAccessDeserializer::new(map))?))))
    }

    nothing!(visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_str(&str));
    nothing!(unit);
    nothing!(seq);
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(Object(element)) = seq.next_element::<Object<T>>()? {
            list.extend(element.map(|element| *element));
        }
        Ok(List(list))
    }

    nothing!(visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_str(&str));
    nothing!(unit);
    nothing!(map);
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}
