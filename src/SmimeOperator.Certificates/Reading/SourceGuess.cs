using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>Says what a file is that is no PKCS#12: most faults are the right thing in the wrong form.</summary>
internal static class SourceGuess
{
    private static readonly SearchValues<byte> Base64Text =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n \t"u8);

    public static string WhatIsIt(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return "The file is empty.";
        }

        if (file.IndexOf("-----BEGIN "u8) >= 0)
        {
            return "The file is PEM text, not PKCS#12. Give certificate and key as a kubernetes.io/tls Secret under `tls` instead, or convert "
                + "them: openssl pkcs12 -export -in certificate.pem -inkey key.pem -out file.p12";
        }

        if (IsBase64Text(file))
        {
            return "The file is base64 text, not PKCS#12: it was encoded twice. A Secret's `data` takes the file encoded once, `stringData` "
                + "cannot hold it; `kubectl create secret generic NAME --from-file=KEY=file.p12` does it right.";
        }

        if (file.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xED, 0xFE, 0xED]))
        {
            return "The file is a Java key store (JKS), not PKCS#12. Convert it: keytool -importkeystore -srckeystore file.jks "
                + "-destkeystore file.p12 -deststoretype PKCS12";
        }

        return ContentTypeOf(file) switch
        {
            X509ContentType.Cert => "The file is a certificate without private key, not PKCS#12. Export it together with its private key.",
            X509ContentType.Pkcs7 => "The file is PKCS#7, which carries no private key, not PKCS#12. Export the certificate with its private key.",
            _ => "The file is no PKCS#12 file, or it is cut short. Export it again.",
        };
    }

    private static X509ContentType ContentTypeOf(ReadOnlySpan<byte> file)
    {
        try
        {
            return X509Certificate2.GetCertContentType(file);
        }
        catch (CryptographicException)
        {
            return X509ContentType.Unknown;
        }
    }

    private static bool IsBase64Text(ReadOnlySpan<byte> file) =>
        file.TrimStart("\r\n \t"u8).StartsWith("M"u8) && file.IndexOfAnyExcept(Base64Text) < 0;
}
