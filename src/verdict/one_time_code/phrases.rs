//! What one-time codes are called, and what people say of codes, in the languages of the replies.
//!
//! Phrases stand between `/`, folded as `folded` does it: lower case, no accents, no apostrophes, a space
//! behind each Han character. A `*` ends a word that may go on: languages with endings.

/// Names that only one-time codes have.
pub(super) const STRONG: &str = "\
    verification code/confirmation code/telegram code/as security code/verification pin/verify code/security code is/security code for/one time code/\
    one time password/one time passcode/one time pin/onetime password/login code/log in code/sign in code/\
    signin code/authentication code/authorization code/authorisation code/2fa code/otp/passcode is/\
    code to verify/code to log in/code to sign in/access code for your account/codigo de verificacion/\
    codigo de seguridad/clave de verificacion/codigo de acceso es/clave dinamica/codigo de autenticacion/\
    codigo de un solo uso/contrasena de un solo uso/clave de un solo uso/codigo otp/\
    codigo de inicio de sesion/code de verification/code de securite/code de validation/code a usage unique/\
    mot de passe a usage unique/code dauthentification/code de connexion/bestatigungscode/\
    verifizierungscode/sicherheitscode/einmalpasswort/einmalcode/einmal passwort/einmal code/anmeldecode/\
    freischaltcode/authentifizierungscode/mtan/smstan/sms tan/mobiletan/mobile tan/pushtan/push tan/\
    chiptan/chip tan/phototan/photo tan/mpin/m pin/codigo de verificacao/codigo de seguranca/\
    codigo de confirmacao/codigo de autenticacao/senha de uso unico/codigo de uso unico/codigo de acesso e/\
    token de acesso/codice di verifica/codice di sicurezza/codice otp/codice monouso/password monouso/\
    codice di accesso e/codice di autenticazione/codice temporaneo/verificatiecode/beveiligingscode/\
    eenmalige code/eenmalig wachtwoord/inlogcode/toegangscode is/kod weryfikacyjny/kod autoryzacyjny/\
    kod bezpieczenstwa/haslo jednorazowe/jednorazowe haslo/kod jednorazowy/jednorazowy kod/haslo sms/\
    kod sms/kod logowania/kod potwierdzajacy/dogrulama kod*/onay kodu*/guvenlik kodu*/tek kullanimlik/\
    giris kodu*/sms sifre*/aktivasyon kodu*/رمز التحقق/رمز تحقق/كود التحقق/رمز التاكيد/كود التفعيل/\
    رمز التفعيل/رمز الامان/رمز الدخول/كلمه المرور لمره واحده/كلمه مرور لمره واحده/सत्यापन कोड/\
    वेरिफिकेशन कोड/वेरीफिकेशन कोड/ओटीपी/सुरक्षा कोड/लॉगिन कोड/验 证 码/驗 證 碼/校 验 码/动 态 码/动 态 密 码/認 證 碼/\
    一 次 性 密 码/安 全 码";

/// Names that also other codes have.
pub(super) const WEAK: &str = "\
    code/passcode/pin/password/security code/codigo/clave/contrasena/mot de passe/passwort/tan/\
    kennwort/senha/codice/wachtwoord/kod/haslo/kodu*/kodun*/sifre*/رمز/كود/رمزك/कोड/पासवर्ड/पिन/\
    代 码/密 码/密 碼";

/// Whose it is, as the machine says it.
pub(super) const YOURS: &str = "\
    your/tu/tus/su/sus/votre/vos/ton/ihr/ihre/dein/deine/seu/sua/teu/tua/tuo/suo/uw/je/jouw/twoj/twoje/panstwa/kodunuz*/\
    sifreniz*/kodun/رمزك/الخاص بك/لك/आपका/आपकी/您 的/你 的";

/// Only a machine says so.
pub(super) const SECRECY: &str = "\
    do not share/dont share/never share/not share/do not disclose/do not give/expires in/valid for/\
    will expire/no lo compart*/no compart*/nunca compart*/caduca en/vence en/valido por/valida por/\
    ne le partagez/ne partagez/ne le communiquez/ne communiquez/expire dans/nicht weiter*/niemals weiter*/\
    gultig fur/gultig bis/nao compartilh*/nao partilh*/nao o compartilh*/expira em/non condivider*/\
    non comunicar*/valido per/scade tra/deel deze/deel nooit/deel dit/niet delen/geldig tot/\
    nie udostepniaj/nie podawaj/paylasmay*/kimseyle/gecerlidir/لا تشارك*/لا تشاركه/صالح لمده/صالح ل*/\
    ينتهي/साझा न/शेयर न/किसी को न/किसी के साथ/分 钟 内/分 鐘 內/请 勿/請 勿/切 勿/勿 泄/泄 露/minuten gultig/\
    einmal gultig/valable pendant/valable jusqua/minutes valable/minuten geldig/jest wazny/jest wazne/\
    wazny przez/wazne przez/wazny do/तक मान्य/मान्य है";

/// Who says so, or asks so, is a person.
pub(super) const OF_PEOPLE: &str = "\
    my/mine/i have/i got/i get/i received/i need/i am/ive/i did/i dont/i cant/can you/could you/\
    would you/can i/should i/please send me/mi/mis/tengo/recibi/me llego/me puede/puede usted/podria/\
    puedes/mon/mes/jai/pouvez vous/peux tu/pourriez/mein/meine/meinen/meiner/ich/konnen sie/\
    kannst du/konnten sie/meu/minha/recebi/tenho/voce pode/pode me/poderia/il mio/la mia/ho ricevuto/\
    mi puo/mijn/ik/kunt u/kun je/moj/moja/moje/mam/czy mozesz/czy moze/dostalem/dostalam/benim/\
    kodum/sifrem/aldim/misiniz/رمزي/عندي/هل يمكن*/وصلني/मेरा/मेरी/मुझे/क्या आप/我 的/我 收/我 有/能 不 能/\
    可 以 帮/doesnt work/does not work/not working/isnt working/no funciona/ne marche pas/ne fonctionne pas/\
    funktioniert nicht/geht nicht/nao funciona/non funziona/werkt niet/doet het niet/nie dziala/\
    calismiyor/لا يعمل/काम नहीं/不 对/用 不 了";

/// Codes of another kind: with one of these only the strong names count.
pub(super) const OTHER_CODES: &str = "\
    postal/postcode/post code/zip/postale/plz/postleitzahl/door/gate/alarm/garage/lock/lockbox/key/\
    area/error/bar/barcode/qr/discount/promo/coupon/product/part/article/item/order/booking/\
    reservation/tracking/wifi/wi fi/dress/color/colour/fiscale/fiscal/puerta/barras/descuento/\
    pedido/alarma/porte/barre/reduction/commande/portail/tur/turcode/rabatt/gutschein*/fehlercode/\
    porta/desconto/portone/cancello/sconto/ordine/deur/poort/korting*/drzwi/domofon*/bramy/pocztowy/\
    rabatowy/kapi*/posta/indirim/الباب/البريدي/خصم/दरवाज*/डाक/छूट/邮 政/邮 编/门/優 惠/优 惠";

/// Between a name and its code, right in front of the code: this is it.
pub(super) const LINKS: &str = "is es est ist lautet e to jest هو है 是 为 為 no nr";

/// Right behind a code, when its name follows: this is what it is.
pub(super) const AHEAD: &str = "is es est ist lautet e to jest هو 是 为 為 as als como comme come jako olarak 作";

/// What may stand behind a code; whatever else does is counted by it, or done by it. Chinese: see [`COUNTED`].
pub(super) const BEHIND: &str = "\
    is/as/for/to/and/or/valid/expires/will/do/dont/never/please/es/para/y/o/valido/valida/caduca/vence/expira/nunca/\
    est/pour/et/ou/valable/valide/expire/ne/ist/fur/und/oder/gultig/gilt/niemals/bitte/e/ou/nao/per/scade/non/voor/en/of/\
    geldig/verloopt/deel/do/na/jest/wazny/wazne/wazna/wygasa/nie/oraz/icin/ile/olarak/tur/dir/dur/kimseyle/lutfen/\
    gecerli*/صالح*/لا/ولا/هو/لتسجيل/لاتمام/है/हैं/के/का/को/किसी/मान्य";

/// What Chinese counts, right behind a number.
pub(super) const COUNTED: &str = "行元块塊个個人年米次号號天字页頁";

/// What a code is for.
pub(super) const PURPOSES: &str = "\
    to log in/to login/to sign in/for login/for log in/for sign in/to verify/to confirm/to reset/para iniciar sesion/para acceder/para ingresar/\
    para verificar/para confirmar/para entrar/para fazer login/para aceder/para acessar/pour vous connecter/\
    pour se connecter/pour confirmer/pour verifier/um sich anzumelden/um dich anzumelden/um sich einzuloggen/\
    zum anmelden/zur anmeldung/zum einloggen/zum login/zur bestatigung/per accedere/per confermare/per verificare/\
    om in te loggen/om aan te melden/om je aan te melden/om u aan te melden/om te bevestigen/aby sie zalogowac/\
    zeby sie zalogowac/do logowania/do zalogowania/aby potwierdzic/giris yapmak/giris icin/oturum acmak/dogrulamak/\
    لتسجيل الدخول/للدخول/للتحقق/لتاكيد/लॉग इन करने/लॉगिन करने/साइन इन करने/सत्यापित करने/登 录/登 錄/登 入";

/// To use or type in what follows.
pub(super) const USE: &str = "\
    use/enter/type/type in/usa/utilice/utiliza/ingrese/ingresa/introduzca/introduce/utilisez/utilise/entrez/saisissez/\
    nutzen sie/nutze/verwenden sie/verwende/geben sie/gib/digite/utilize/insira/introduza/usi/inserisci/inserisca/digita/\
    utilizza/gebruik/voer/vul/uzyj/wpisz/podaj/استخدم/ادخل/使 用/输 入/輸 入";

/// To use or type in what stands in front.
pub(super) const USE_BEHIND: &str = "kullanin*/girin*/yazin*/का उपयोग/का इस्तेमाल/दर्ज करें";
