//! What the owner does at the phone and in the app.

/// See [`crate::channel::ChannelKind::setup`].
pub(super) const SETUP: &str = "Install SMS Gateway for Android from sms-gate.app on the phone that has your SIM card, open it, and give it every \
permission that it asks for: to read, receive and send SMS, and to read the phone's state (without it the app cannot tell the \
SIM cards apart). Where Android has greyed a permission out: Apps > SMS Gateway > the three dots > Allow restricted settings.
In the phone's settings, under Apps > SMS Gateway > Battery, choose Unrestricted, and let the app start with the phone. Else \
Android puts it to sleep, and messages come late or not at all.
In the phone's messaging app switch RCS (\"chat features\") off for the work SIM. RCS messages are no SMS: no other app sees \
them, and nobody would answer them.
In the app go to Settings > Webhooks > Signing Key and enter a long random word of at least 32 characters, such as `openssl \
rand -hex 16` makes. The same word is `signing_key`: it proves that a message comes from your phone. The key that the app made \
by itself has 8 characters, which is too short.
Choose how replies reach the phone. Cloud server, for a phone that moves about: switch it on in the app; `url` is \
https://api.sms-gate.app/3rdparty/v1, and the replies pass through there. Local server, for a phone that stays in your network or \
VPN: `url` is http://ADDRESS-OF-THE-PHONE:8080, which is not encrypted on the way. Your own private server: `url` is its address, \
which ends with /3rdparty/v1. Use one of them, not two: to each the phone is another device.
The app shows the user and the password of that server: `username` and `password`. Or make a token with the scopes messages:send, \
webhooks:write and webhooks:list: `token`. Without `url` messages come in, and nothing is answered.
Leave end-to-end encryption off in the app: what is encrypted cannot be read here.
Say which SIM is which: [channel.{name}.line.1] is the SIM in the first slot, [channel.{name}.line.2] that in the second. With \
private = true in its table nothing of a SIM is stored or answered. A reply leaves on the SIM that received the message, never on \
another.
Some phones do not say which SIM received a message. It is then on the line `unknown`: held for you and not answered, because \
the reply might leave on the wrong SIM. Has the phone one SIM only? Name its slot, `only_sim` = \"1\", and it is answered. Is one \
of two SIMs private? Give [channel.{name}.line.unknown] private = true too, if you would rather miss a message than have a \
private one kept.
Two phones: give each a channel of its own. Where they share one, set `device_id` (the app shows it beside the server) to the \
first: the SIMs of the other are then the lines DEVICE-ID/1 and DEVICE-ID/2.
Start afterhours with this. Then have the phone post to {public_url}/in/{name}: run `afterhours channels android-sms \
--register`. It may be run again at any time. The address must begin with https:// and have a certificate that the phone \
trusts. The phone shows a notice that its messages are passed on, and reminds you once a month.
In the app, under Settings > Ping, set an interval of 600 seconds. From the first ping on you are told when nothing has come from \
the phone for `silent_after`, two hours by default (\"0s\" is never): it is switched off, without a connection, or asleep.
Android lets an app send about 30 SMS in 30 minutes, on all SIM cards together, and a text of two segments is two SMS; beyond \
that the phone asks whoever holds it, and sends nothing until somebody answers there. Replies keep below it: what is more goes a \
little later, whatever [limits] allows, where replies are counted and not SMS. What other programs send through the app comes on \
top: you are told RESULT_ERROR_LIMIT_EXCEEDED or RESULT_UNEXPECTED_EVENT_STOP_SENDING then.
Of a picture message you are told that it came; its text joins that when the phone has fetched it, and the picture stays on the \
phone. The app posts the picture as well, which is not kept here: a proxy \
before afterhours must let it through (nginx: client_max_body_size 24m). Where that makes more than 24 MiB, or takes longer than 30 \
seconds, it is refused: the app tries 15 times in two days, and then the text stays on the phone too. The log tells of each time \
(webhook refused), and /metrics counts them (afterhours_hooks_total, status 413 or 400). A message to a group cannot be told from \
one to you alone: its sender may be answered.
Write to the work SIM from another phone, and look at `afterhours held` and `afterhours status`. What you write by hand on the \
phone is not seen here, as the app does not tell of it: a client whom you answer so may get an automatic reply as well.";
