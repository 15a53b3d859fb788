//! What one-time codes are called, and what people say of codes, in the languages of the replies.
//!
//! Phrases stand between `/`, folded as `folded` does it: lower case, no accents, no apostrophes, a space
//! behind each Han character. A `*` ends a word that may go on: languages with endings.

/// Names that only one-time codes have.
pub(super) const STRONG: &str = "\
    verification code/confirmation code/telegram code/as security code/to confirm your identity/\
    to log in to your account/verification pin/verify code/security code is/security code for/one time code/\
    one time password/one time passcode/one time pin/onetime password/login code/log in code/sign in code/\
    signin code/authentication code/authorization code/authorisation code/2fa code/otp/passcode is/\
    code to verify/code to log in/code to sign in/access code for your account/codigo de verificacion/\
    codigo de seguridad/clave de verificacion/codigo de acceso es/clave dinamica/codigo de autenticacion/\
    codigo de un solo uso/contrasena de un solo uso/clave de un solo uso/codigo otp/\
    codigo de inicio de sesion/code de verification/code de securite/code de validation/code a usage unique/\
    mot de passe a usage unique/code dauthentification/code de connexion/bestatigungscode/\
    verifizierungscode/sicherheitscode/einmalpasswort/einmalcode/einmal passwort/einmal code/anmeldecode/\
    freischaltcode/authentifizierungscode/mtan/smstan/sms tan/codigo de verificacao/codigo de seguranca/\
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
    your/tu/su/votre/ton/ihr/dein/seu/sua/teu/tuo/suo/uw/je/jouw/twoj/twoje/panstwa/kodunuz*/\
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
