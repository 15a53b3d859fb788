//! The words of opt-outs, in the languages of the replies. Slots stand between `/`, alternatives between `|`; an empty
//! alternative lets the slot be left out. Case, accents and apostrophes do not matter.

/// Keywords that are also everyday answers ("Shall I keep your appointment?" "Cancel"): only when nothing else is said.
/// Twilio's END, QUIT, CANCEL and REVOKE (it blocks the number itself on these), and what SMS services use in Spain, Brazil,
/// Germany, the Netherlands, Turkey, Arabic countries, India and China.
pub(super) const ALONE: &[&str] = &[
    "end",
    "quit",
    "cancel",
    "revoke",
    "baja",
    "sair",
    "abmelden",
    "afmelden",
    "uitschrijven",
    "ret",
    "إيقاف",
    "स्टॉप",
    "td",
    "बंद/करो|करें|कीजिए|करिए|कर दो|कर दें|कर दीजिए",
    "band/karo|kare|karen|kijiye|kariye|kar do|kar de|kar dijiye",
];

/// Keywords that hardly mean anything else: a courtesy may stand beside them.
pub(super) const KEYWORDS: &[&str] = &[
    "stop|stopp|stopall|unsubscribe|optout/|all|me|stop|stop stop",
    "opt/|me/out",
    "désabonner|désabonnement|désabonnez moi",
    "disiscrivimi|disiscrivetemi|cancellami dalla lista",
    "desuscribir|desuscribirme|descadastrar",
    "إلغاء الاشتراك|الغاء اشتراكي",
    "अनसब्सक्राइब",
    "|我要|请|請/退订|退訂|取消订阅|取消訂閱",
];

/// Opt-in, to undo an opt-out. Twilio's YES is left out on purpose: it is the commonest answer there is, and nobody who has
/// opted out takes that back by answering the owner.
pub(super) const BACK: &[&str] = &["start|unstop|optin|subscribe|resubscribe/|all|me", "opt/|me/|back/in"];

/// What may stand beside a keyword.
pub(super) const COURTESIES: &str = "please pls plz kindly thanks thank you thx now sorry por favor gracias merci svp stp \
    s'il vous te plaît bitte danke obrigado obrigada per favore grazie alstublieft alsjeblieft aub dank proszę dziękuję \
    lütfen teşekkürler من فضلك فضلكم لو سمحت سمحتم شكرا कृपया धन्यवाद 请 請 谢 謝";

/// What may stand in front of a sentence.
pub(super) const LEADS: &str = "please pls plz kindly can could would will you u i i'd i'm we want need like to asked told \
    ask again and so ok okay just now \
    por favor ya le les te pido pedimos que quiero queremos favor y \
    s'il vous te plaît svp stp merci de je veux voulez pouvez pourriez et \
    bitte ich wir möchte möchten will wollen könnten können sie und \
    eu quero peço poderia pode per favore la prego vi prego voglio può potete \
    alstublieft alsjeblieft graag ik wil wilt u kunt en \
    proszę bardzo czy może pan pani lütfen artık rica ederim من فضلك فضلكم لو سمحت سمحتم ارجو ارجوكم رجاء \
    कृपया प्लीज आप 请 請 你 您 们 們 麻 烦 煩 能 可 以 我 要 求";

/// What may stand behind a sentence.
pub(super) const TRAILS: &str = "please pls plz thanks thank you thx very much now immediately right away at all any more \
    anymore again ever forever already period ok okay \
    por favor ya más nunca gracias ahora merci svp stp s'il vous te plaît maintenant jamais \
    bitte danke mehr sofort jetzt obrigado obrigada agora mais per favore grazie più adesso mai \
    alstublieft alsjeblieft aub dank u nu meer meteen proszę dziękuję więcej już teraz lütfen artık teşekkürler \
    من فضلك فضلكم لو سمحت سمحتم شكرا الان بعد رجاء कृपया धन्यवाद अब प्लीज 了 谢 謝 吗 嗎 啦 吧 好 的";

/// A greeting, which may have one more word behind it: the name.
pub(super) const GREETINGS: &str = "hi hello hey dear hola buenas bonjour hallo guten olá oi ciao buongiorno dzień merhaba \
    selam مرحبا नमस्ते mr mrs ms sr sra herr frau monsieur madame signor signora meneer mevrouw";

/// Sentences that are clear only when the message says nothing else: "don't text me, call me" is no opt-out.
pub(super) const WHOLE: &[&str] = &[
    "do not|don't|never/text|message|msg|write|write to|contact|sms|spam/me|us",
    "do not|don't/send/me|us|/any|/texts|messages|sms|replies|text messages",
    "no more/messages|texts|sms|replies",
    "no/automatic|automated|auto/messages|texts|replies|responses|answers",
    "leave me|leave us/alone",
    "take|remove/me|us|my number/off|from/your|this/list|lists/|and stop texting me|and stop messaging me|\
     and stop writing to me|and don't text me again|and do not text me again|and don't contact me again|\
     and do not contact me again",
    "quíteme|quítenme|quítame|bórreme|bórrenme|bórrame|sáqueme|sáquenme|sácame|elimíneme|elimínenme/de/su|tu|esta|sus/\
     lista|listas",
    "retirez|retire|enlevez|enlève|supprimez|supprime|rayez/moi|nous/de/votre|vos|ta|cette/liste|listes",
    "streichen sie|streich|streicht|nehmen sie|nimm|nehmt|löschen sie|lösch|löscht|entfernen sie|entfernt/mich|uns|\
     meine nummer/|bitte/von|aus/ihrer|deiner|eurer|dieser/liste",
    "|me/tire|tirem|remova|removam|retire|retirem|exclua|excluam/|me/da sua|da vossa|da tua|desta/lista",
    "mi tolga|toglimi|toglietemi|mi rimuova|rimuovimi|rimuovetemi|mi cancelli|cancellami|cancellatemi|mi elimini|\
     eliminatemi/dalla sua|dalla vostra|dalla tua|da questa/lista",
    "haal|verwijder|schrap/mij|me|ons/|alstublieft|alsjeblieft|aub/van|uit/uw|je|jullie|deze/lijst|lijsten",
    "usunąć|usuń|usuńcie|wykreślić|wykreśl|wypisać|wypisz|skreślić/mnie|nas/z/waszej|twojej|państwa|pana|pani|tej/listy",
    "beni|bizi/|lütfen/listenizden|listenden|bu listeden/çıkar|çıkarın|çıkarınız|sil|silin|siliniz",
    "احذفني|احذفوني|أزلني|أزيلوني|ارفعني|شيلني|شيلوني/من/قائمتك|قائمتكم|قوائمكم|هذه القائمة",
    "मुझे|हमें|मेरा नंबर/अपनी|आपकी|इस/लिस्ट|सूची/से/हटाओ|हटाएं|हटाइए|हटा दो|हटा दें|हटा दीजिए|निकालो|निकाल दो|निकाल दें",
    "把|将|將|从|從/|我|我们|我們/|从|從/你们的|你們的|您的|你的|这个|這個/名单|名單|列表|清单|清單/|上|里|裡|中/|把我|\
     将我/删除|刪除|移除|删掉|刪掉|去掉",
    "lassen sie mich|lass mich|lasst mich|lassen sie uns/|bitte/in/ruhe|frieden",
    "no/me|nos/escriba|escriban|escribas|contacte|contacten|moleste|molesten|mande mensajes|manden mensajes",
    "no más/mensajes|sms|respuestas",
    "ne m'écrivez|ne me contactez|ne nous contactez/pas|plus",
    "schreiben sie|schreib|kontaktieren sie/mir|mich|uns/bitte|/nicht",
    "não/me/escreva|escrevam|escrevas|mande mensagens|mandem mensagens|contacte|contate",
    "non/scrivermi|scrivetemi|mi scriva|contattarmi|contattatemi|mi contatti",
    "niet/schrijven|appen|sms'en|contacteren",
    "nie/pisz|piszcie|pisać/do mnie|do nas",
    "proszę/do mnie/nie pisać",
    "bana|bize/mesaj/atma|atmayın|gönderme|göndermeyin|yazma|yazmayın",
    "لا/تراسلني|تراسلوني|تكتب لي|تكتبوا لي|ترسل لي|ترسلوا لي/|رسائل",
    "मुझे/|मैसेज|संदेश|एसएमएस/मत|न/भेजो|भेजें|भेजिए|भेजना|लिखो|लिखें|लिखिए|करो|करें",
    "不要再|别再|別再/发|發/消息|短信|信息|訊息|簡訊/给我|給我",
    "不要|别|別|请勿|請勿/|给我|給我/发|發/消息|短信|信息|訊息|簡訊",
    "mujhe/|aur|ab|phir|koi/message|messages|msg|msgs|sms/mat|na/bhejo|bhejiye|bhejna|karo|karna",
];

/// Sentences that are clear beside others.
pub(super) const SENTENCES: &[&str] = &[
    // English
    "stop|quit|cease/texting|messaging|writing|writing to|contacting|emailing|spamming|bothering|sms'ing/me|us",
    "stop|quit|cease/sending|replying with|/me|us|/with|/all|/the|these|those|this|any|your|/stupid|annoying|/automatic|\
     automated|auto|bot|robot|canned|/messages|message|texts|text|text messages|replies|reply|responses|response|sms|\
     answers|msgs|autoreplies|auto replies/|to me",
    "no more/of these|of those|of your|these|/automatic|automated|auto|bot|robot/messages|texts|replies|responses|answers",
    "do not|don't|never/|ever/text|message|msg|write|write to|contact|email|sms|spam/me|us/any more|anymore|again|ever again",
    "do not|don't/send|reply with/me|us|/these|any|any more|more|your|/automatic|automated|auto|bot/messages|texts|replies|\
     responses|answers/|to me|to us",
    "do not|don't/send/me|us/any more|more/messages|texts|sms",
    "i/do not|don't/want|wish|need/|to get|to receive/|any|any more|more|these|your/automatic|automated|auto|bot/messages|\
     texts|replies|responses|answers",
    "unsubscribe/|me|us/from/|all|these|your|this|the/|automatic|text/messages|texts|list|replies|sms",
    "take|remove/me|us|my number/off|from/|your|this|the/mailing|contact|text|texting|sms|message|distribution/list|lists",
    "remove|delete|erase/my/number|phone number/|from/|your list|your system|your phone|your records|your database",
    "turn off|switch off|disable|stop/these|your|this/automatic|automated|auto/messages|replies|reply|responses|answers",
    "i/want|would like|wish/to/opt out|unsubscribe",
    "opt/me/out",
    // Spanish
    "no/me|nos/escriba|escriban|escribas|escribáis|contacte|contacten|contactes|textee|texteen|moleste|molesten|molestes/\
     más|nunca más|de nuevo|otra vez",
    "deje|deja|dejen|pare|paren|para/de/escribirme|escribirnos|contactarme|molestarme|textearme|mensajearme",
    "deje|deja|dejen|pare|paren|para/de|con|ya con/enviarme|mandarme|enviar|mandar|/|más|estos|estas|los|las|sus|tus/\
     mensajes|sms|mensajes automáticos|respuestas automáticas",
    "no más/mensajes automáticos|respuestas automáticas",
    "quíteme|quítenme|quítame|bórreme|bórrenme|bórrame|sáqueme|sáquenme|sácame|elimíneme|elimínenme/de/su|tu|esta|la/\
     lista/de/difusión|correo|correos|mensajes|distribución",
    "darme|deme|dame/de baja de/los|estos|sus/mensajes|sms",
    // French
    "ne m'écrivez|ne m'écris|ne nous écrivez|ne me contactez|ne me contacte|ne me textez/plus/|jamais",
    "arrêtez|arrête|cessez|cesse|stoppez/de|d'|/m'écrire|me contacter|me texter|nous écrire|m'embêter|me harceler",
    "arrêtez|arrête|cessez|cesse|stop|stoppez/|de|avec/|m'envoyer|envoyer/|à/ces|les|vos|tes|des|/messages|sms|réponses|\
     messages automatiques|réponses automatiques",
    "ne m'envoyez|ne m'envoie/plus/|de|ces|vos|tes|aucun/message|messages|sms|réponses|messages automatiques|\
     réponses automatiques",
    "retirez|retire|enlevez|enlève|supprimez|supprime|rayez/moi|nous/de/votre|vos|ta|cette|la/liste|listes/de diffusion|\
     d'envoi|de messages|de publipostage",
    "plus de/messages automatiques|réponses automatiques/|svp",
    // German
    "keine|keinerlei/|weiteren|mehr|solchen|dieser/automatischen|autom|automatisierten/antworten|nachrichten|sms|mails/|\
     mehr/|schicken|senden|schreiben|an mich",
    "streichen sie|streich|streicht|nehmen sie|nimm|nehmt|löschen sie|lösch|löscht|entfernen sie|entfernt/mich|uns|\
     meine nummer/|bitte/von|aus/ihrem|deinem|eurem|dem|diesem|ihrer|deiner|eurer|der|dieser/verteiler|mailverteiler|\
     mailingliste|verteilerliste|sms liste",
    "hören sie|hör|hört/|bitte/auf/|bitte/|damit/|mir|uns|mich/zu schreiben|zu kontaktieren|anzuschreiben|\
     nachrichten zu schicken|nachrichten zu senden|automatische antworten zu schicken",
    "schreiben sie|schreib|schreibt|kontaktieren sie/mir|mich|uns/|bitte/nicht|nie/mehr|wieder",
    "mir|uns|mich/|bitte/nicht|nie/mehr|wieder/schreiben|kontaktieren|anschreiben",
    "stoppen sie|stoppt|stopp|beenden sie|unterlassen sie/|bitte/|diese|die|ihre|das|alle/automatischen|automatische/\
     antworten|nachrichten|antwort",
    // Portuguese
    "não/me|nos/escreva|escrevam|escrevas|contacte|contate|contactem|contatem|incomode|incomodem/mais|nunca mais|de novo|\
     novamente",
    "|me/tire|tirem|remova|removam|retire|retirem|exclua|excluam/|me/da sua|da vossa|da tua|desta|da/lista/\
     de transmissão|de mensagens|de difusão|de distribuição",
    "pare|para|parem|deixe|deixem/de/me escrever|escrever me|me contactar|me contatar|me incomodar|me mandar mensagens|\
     me mandar mensagem|me enviar mensagens|enviar me mensagens",
    "pare|parem|pare de enviar|parem de enviar/|de|com/|as|estas|essas/mensagens|respostas|mensagens automáticas|\
     respostas automáticas",
    // Italian
    "non/scrivermi|scrivetemi|mi scriva|mi scrivete|scriverci|contattarmi|contattatemi|mi contatti/più|mai più|di nuovo",
    "mi tolga|toglimi|toglietemi|mi rimuova|rimuovimi|rimuovetemi|mi cancelli|cancellami|cancellatemi|mi elimini|\
     eliminatemi/dalla/|sua|vostra|tua/mailing list|lista di distribuzione|lista di messaggi|lista broadcast",
    "smetta|smetti|smettila|smettetela|smettete|basta/di|/scrivermi|contattarmi|mandarmi messaggi|inviarmi messaggi|\
     disturbarmi|mandarmi messaggi automatici",
    "basta|stop|niente|niente più|fermate/|con|ai/|i|gli|questi|queste|le/messaggi|sms|risposte/automatici|automatiche",
    // Dutch
    "stop/|met/|mij|me|ons/|te/schrijven|appen|sms'en|contacteren|berichten te sturen|te schrijven|te appen/|naar mij|\
     aan mij",
    "stop/|met/|het sturen van|sturen van/|deze|die|de|uw|je/|automatische|geautomatiseerde/berichten|antwoorden|reacties|\
     sms'jes|sms",
    "haal|verwijder|schrap/mij|me|ons/|alstublieft|alsjeblieft|aub/van|uit/uw|je|jullie|de|deze/mailinglijst|\
     verzendlijst|maillijst|adressenlijst",
    "schrijf|app|sms|bericht|contacteer|benader/mij|me|ons/niet|nooit/meer|weer",
    "stuur|stuurt/mij|me|ons|/geen|niet/|automatische/berichten|antwoorden|sms'jes|reacties/meer",
    "geen/automatische|geautomatiseerde/berichten|antwoorden|reacties|sms'jes/|meer/|sturen",
    // Polish
    "nie/pisz|piszcie|pisać/|do mnie|do nas/więcej|już",
    "|proszę/|więcej|już/do mnie|do nas/|więcej|już/nie/pisz|piszcie|pisać",
    "przestań|przestańcie|przestać|przestanie/|do mnie/pisać|wysyłać/|do mnie|mi/|te|automatyczne/|wiadomości|odpowiedzi|\
     smsy|automatyczne wiadomości|automatyczne odpowiedzi",
    "usunąć|usuń|usuńcie|wykreślić|wykreśl|wypisać|wypisz/mnie|nas/z/|waszej|twojej|państwa|tej/listy/mailingowej|\
     wysyłkowej|dystrybucyjnej|adresowej|mailowej",
    "dość|koniec|stop|bez|żadnych/|z|więcej/|tych|tymi/automatycznych|automatycznymi|automatycznym/wiadomości|odpowiedzi|\
     wiadomościami|odpowiedziami|wiadomościom|odpowiedziom",
    // Turkish
    "bana|bize/artık|bir daha|daha fazla|/mesaj|sms|otomatik mesaj|otomatik yanıt|/atma|atmayın|atmayınız|gönderme|\
     göndermeyin|göndermeyiniz|yazma|yazmayın|yazmayınız/artık|bir daha",
    "bana|bize/artık|bir daha|daha fazla/mesaj|sms|otomatik mesaj|otomatik yanıt|/atma|atmayın|atmayınız|gönderme|\
     göndermeyin|göndermeyiniz|yazma|yazmayın|yazmayınız",
    "|bana|bu/otomatik/mesaj|mesajları|mesajlar|yanıt|yanıtları|cevap|cevapları/|almak/|göndermeyi|atmayı/istemiyorum|\
     göndermeyin|durdurun|kesin|bırakın|atmayın",
    "beni|bizi/|lütfen/mesaj|sms|mail|e posta/listenizden|listenden|listesinden/çıkar|çıkarın|çıkarınız|sil|silin|siliniz",
    "bana/|sürekli/mesaj|sms/atmayı|göndermeyi|yazmayı/bırak|bırakın|kes|kesin",
    // Arabic
    "لا/تراسلني|تراسلوني|تكتب لي|تكتبوا لي|ترسل لي|ترسلوا لي/|رسائل|أي رسائل|المزيد من الرسائل/مرة أخرى|مجددا|\
     بعد الآن|بعد اليوم|مرة ثانية",
    "لا/ترسل|ترسلوا/لي|إلي|/|المزيد من|هذه/رسائل|الرسائل|ردود|الردود/تلقائية|التلقائية|آلية|الآلية",
    "توقف|توقفوا|كف|كفوا/عن/مراسلتي|مراسلتنا|الكتابة لي|إزعاجي|إرسال الرسائل|إرسال رسائل|إرسال هذه الرسائل/|لي|إلي",
    "أوقف|أوقفوا|توقفوا عن|توقف عن/|إرسال/|هذه/الرسائل|الردود|رسائلكم/|التلقائية|الآلية",
    "احذفني|احذفوني|أزلني|أزيلوني|ارفعني|شيلني|شيلوني/من/قائمة/الرسائل|المراسلة|البريد|رسائلكم",
    // Hindi, also in Latin letters
    "|mujhe/|ye|yeh/message|messages|msg|msgs|sms/|bhejna|karna/band/karo|kare|karen|kijiye|kariye|kar do|kar de|kar dijiye",
    "मुझे/और|अब|फिर|दोबारा|फिर से|अब और|अब से/|कोई/मैसेज|संदेश|एसएमएस|ऑटोमैटिक मैसेज|स्वचालित संदेश|/मत|न|नहीं/भेजो|\
     भेजें|भेजिए|भेजना|लिखो|लिखें|लिखिए|करो|करें",
    "|मुझे|ये|यह|इन|ऐसे/|ऑटोमैटिक|स्वचालित|अपने आप|ये/मैसेज|संदेश|एसएमएस|जवाब|उत्तर/|भेजना|करना/बंद/करो|करें|कीजिए|\
     कर दो|कर दें|कर दीजिए",
    "मुझे/|ये|यह|आपके/ऑटोमैटिक|स्वचालित/मैसेज|संदेश|जवाब|उत्तर/|मत|न|नहीं/भेजो|भेजें|भेजिए|चाहिए",
    // Chinese
    "不要|别|別|请勿|請勿|勿/再/给我|給我|跟我|向我|/发|發|发送|發送|回复|回覆|写|傳/|这些|這些|这种|這種/|自动|自動/消息|\
     短信|信息|回复|讯息|訊息|簡訊|微信|",
    "不要|别|別|请勿|請勿/再/联系我|聯繫我|聯絡我|打扰我|打擾我|骚扰我|騷擾我",
    "停止|请停止|不要|别|別/发送|發送|发|發|给我发|給我發|/|这些|這些|这种|這種/自动|自動/|发送的|發送的/消息|短信|信息|回复|\
     回覆|讯息|訊息|簡訊",
    "停止/给我|給我|/发送|發送|发|發/消息|短信|信息|讯息|訊息|簡訊",
];

/// Sentences that say what is not wanted, but not so much as "stop" or "never again": as clear as the others, unless the
/// message says what is wanted instead. "I want no answers, I want an appointment" asks for one.
pub(super) const REFUSALS: &[&str] = &[
    "i|we/do not|don't/want|wish/|to get|to receive/any|any more|more|these|your/messages|texts|sms|replies|text messages",
    "no/quiero|deseo|queremos/|recibir/|más|estos|estas|sus|tus/mensajes|sms|mensajes automáticos|respuestas automáticas",
    "no/me|nos/mande|manden|mandes|envíe|envíen|envíes|responda con|respondas con/|más|estos|estas|esos|esas/mensajes|sms|\
     mensajes automáticos|respuestas automáticas|textos",
    "basta/de|con|ya con/enviarme|mandarme|enviar|mandar|/|más|estos|estas|los|las|sus|tus/mensajes|sms|mensajes automáticos|respuestas automáticas",
    "je/ne|/veux|souhaite|désire/plus/|recevoir/|de|ces|vos|aucun/message|messages|sms|messages automatiques|\
     réponses automatiques",
    "keine/|weiteren/antworten|nachrichten|sms/mehr/|schicken|senden|schreiben|an mich",
    "keine/weiteren/antworten|nachrichten|sms/|schicken|senden",
    "möchte|möchten|will|wollen/keine/|weiteren|automatischen/antworten|nachrichten|sms/|mehr/|bekommen|erhalten",
    "schicken sie|senden sie|schick|schickt/mir|uns/|bitte/keine/|weiteren|automatischen/nachrichten|antworten|sms/|mehr",
    "não/me|nos/mande|mandem|mandes|envie|enviem|envies/|mais|estas|essas/mensagens|sms|mensagens automáticas|\
     respostas automáticas|mensagem",
    "chega|chega de/|de|com/|as|estas|essas/mensagens|respostas|mensagens automáticas|respostas automáticas",
    "não/quero|desejo|queremos/|mais|receber|receber mais|mais receber/|estas|essas|suas/mensagens|sms|\
     mensagens automáticas|respostas automáticas",
    "non/mandatemi|mandarmi|mi mandi|mi mandate|inviatemi|inviarmi|mi invii|mi inviate/|più/|questi|queste/messaggi|sms|\
     messaggi automatici|risposte automatiche",
    "non/voglio|desidero/più|ricevere|ricevere più|più ricevere/|questi|queste/messaggi|sms|messaggi automatici|\
     risposte automatiche",
    "geen/berichten|antwoorden|sms'jes/meer/|sturen",
    "wil|willen/geen/|automatische/berichten|antwoorden|sms'jes/meer/|ontvangen|krijgen",
    "nie/wysyłaj|wysyłajcie|wysyłać|przysyłaj|przysyłajcie|przysyłać/|do mnie|mi/|więcej|już/|tych/|automatycznych/\
     wiadomości|odpowiedzi|smsów|sms ów",
    "nie/chcę|chcemy|życzę sobie/|więcej|już/|otrzymywać|dostawać/|tych/|automatycznych/wiadomości|odpowiedzi|smsów",
    "|sizden|artık|daha fazla/mesaj|sms/|almak/istemiyorum",
    "لا أريد|لا نريد|لا أرغب في/|استلام|تلقي|المزيد من|أي/رسائل|الرسائل|ردود|الردود|هذه الرسائل/|تلقائية|التلقائية|\
     آلية|الآلية|منكم/|بعد الآن",
    "मुझे/|और|अब|अब और|अब से/|कोई/मैसेज|संदेश|एसएमएस/नहीं/चाहिए",
    "不想|不要|不想再|不要再/收到|收/|这些|這些|你们的|你們的|自动|自動/消息|短信|信息|回复|回覆|訊息|簡訊",
];

/// Who speaks of a machine refuses the machine, whatever is wanted instead. Folded, as the next two.
pub(super) const MACHINE: &str = "autom*/geautom*/auto/autoreplies/bot/robot/canned/otomatik/تلقاييه/التلقاييه/اليه/الاليه/\
    ऑटोमैटिक/स्वचालित/自 动/自 動";

/// What is wanted, or to be done.
pub(super) const WISHES: &str = "i want/we want/i need/we need/id like/i would like/we would like/just want/only want/\
    instead/quiero/queremos/necesito/necesitamos/quisiera/sino/je veux/je voudrais/jai besoin/il me faut/nous voulons/\
    mais un/mais une/ich will/ich mochte/ich brauche/ich hatte gern/wir wollen/wir mochten/wir brauchen/sondern/\
    stattdessen/quero/preciso/precisamos/gostaria/mas sim/mas uma/voglio/vogliamo/vorrei/ho bisogno/mi serve/bensi/\
    ma un/ik wil/wij willen/we willen/ik zou graag/ik heb nodig/maar een/chce/chcemy/potrzebuje/prosze o/lecz/\
    istiyorum/istiyoruz/lazim/ihtiyacim/اريد/نريد/احتاج/بل/चाहिए/चाहता/चाहती/चाहते/बल्कि/我 想/我 要/需 要/而 是/\
    call me/phone me/ring me/email me/mail me/llame*/llamen*/llama*/escribame un correo/appelez moi/rappelez moi/\
    telephonez/rufen sie/ruf/ruft/melden sie sich/me ligue/liguem/telefone*/mi chiami/chiamami/chiamatemi/bel me/bel mij/\
    belt u/zadzwon*/zadzwonic/arayin/beni ara/اتصل/اتصلوا/फोन करें/फोन करो/कॉल करें/कॉल करो/打 电 话/打 電 話/打 给 我";

/// What is wanted is that it ends, or nothing.
pub(super) const NO_WISHES: &str = "not/dont/no/nothing/never/peace/alone/stop*/unsubscribe*/nada/nunca/paz/ne/pas/rien/\
    paix/nicht/kein*/nichts/nie/ruhe/abmelden/nao/non/niente/pace/niet/geen/niets/rust/nic/spokoj*/huzur/rahat*/لا/\
    नहीं/मत/शांति/不/别/別/安 静/安 靜";
