namespace SmimeOperator.Certificates.Tests.Material;

/// <summary>Reads what holds one certificate with its key.</summary>
internal static class One
{
    public static KeyedCertificate Pkcs12(ReadOnlySpan<byte> pfx, ReadOnlySpan<char> password) => CertificateReader.ReadPkcs12(pfx, password).ShouldHaveSingleItem();

    public static KeyedCertificate Pem(ReadOnlySpan<byte> certificates, ReadOnlySpan<byte> keys, string password = "") =>
        CertificateReader.ReadPem(certificates, keys, password).ShouldHaveSingleItem();
}
