using System.Formats.Asn1;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

/// <summary>Every type and size of key in the oldest, the newest and the middle encoding, each opened again by openssl after it was packaged.</summary>
public sealed class Pkcs12KeyTests(Pki pki)
{
    private const string Rsa = "RSA -pkeyopt rsa_keygen_bits:";
    private const string Curve = "EC -pkeyopt ec_param_enc:named_curve -pkeyopt ec_paramgen_curve:";

    [Theory]
    [InlineData(Rsa + "2048", "RSA", 2048)]
    [InlineData(Rsa + "3072", "RSA", 3072)]
    [InlineData(Rsa + "4096", "RSA", 4096)]
    [InlineData(Curve + "P-256", "ECDSA", 256)]
    [InlineData(Curve + "P-384", "ECDSA", 384)]
    [InlineData(Curve + "P-521", "ECDSA", 521)]
    public async Task A_key_of_every_size_survives_every_encoding(string algorithm, string type, int size)
    {
        await pki.ReadyAsync();
        var leaf = await MakeAsync(algorithm);
        foreach (var options in (string[])["-legacy", "-macalg sha512", "-keypbe AES-128-CBC -certpbe PBE-SHA1-3DES -macalg sha256", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -legacy -nomac"])
        {
            using var read = One.Pkcs12(await pki.Pkcs12Async(leaf, options), Pki.Password);
            (read.Facts.KeyAlgorithm, read.Facts.KeySize).ShouldBe((type, size));

            using var package = UploadPackage.Create(read, await pki.ConnectorKeyAsync(), OaepHash.Sha512);
            var name = pki.NewName("upload");
            pki.Ssl.Write(name, package.Pfx);
            pki.Ssl.Write(name + ".password", package.EncryptedPassword);
            await pki.RunAsync(
                $"pkeyutl -decrypt -inkey connector.key -in {name}.password -out {name}.clear -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha512 -pkeyopt rsa_mgf1_md:sha512");
            await pki.RunAsync($"pkcs12 -in {name} -passin file:{name}.clear -nodes -nocerts -out {name}.key");
            (await pki.TextAsync($"pkey -in {name}.key -pubout")).ShouldBe(await pki.TextAsync($"pkey -in {leaf}.key -pubout"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-legacy")]
    [InlineData("-nomac")]
    public async Task Lengths_that_are_open_and_strings_in_pieces_are_read_as_openssl_reads_them(string options)
    {
        var open = OpenEnded(await pki.Pkcs12Async("rsa", options));
        var name = pki.NewName("p12");
        pki.Ssl.Write(name, open);
        await pki.RunAsync($"pkcs12 -in {name} -passin pass:{Pki.Password} -nokeys -out {name}.pem {(options == "-legacy" ? options : "")}");

        using var read = One.Pkcs12(open, Pki.Password);

        read.Facts.Subject.ShouldContain("CN=Alice");
    }

    private async Task<string> MakeAsync(string algorithm)
    {
        var leaf = pki.NewName("leaf");
        await pki.RunAsync($"genpkey -algorithm {algorithm} -out {leaf}.key");
        await pki.RunAsync($"req -x509 -key {leaf}.key -subj /CN=Alice -days 20 -out {leaf}.pem");
        return leaf;
    }

    /// <summary>As BER allows and some programs write it: constructed values of indefinite length, long octet strings in two pieces.</summary>
    private static byte[] OpenEnded(ReadOnlyMemory<byte> der)
    {
        var result = new List<byte>();
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            if (tag.IsConstructed)
            {
                result.AddRange([reader.PeekEncodedValue().Span[0], 0x80, .. OpenEnded(reader.PeekContentBytes()), 0, 0]);
                _ = reader.ReadEncodedValue();
            }
            else if (tag == Asn1Tag.PrimitiveOctetString && reader.PeekContentBytes().Length > 300)
            {
                var content = reader.ReadOctetString();
                result.AddRange([0x24, 0x80, .. Octets(content[..200]), .. Octets(content[200..]), 0, 0]);
            }
            else
            {
                result.AddRange(reader.ReadEncodedValue().Span);
            }
        }

        return [.. result];
    }

    private static byte[] Octets(byte[] content)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(content);
        return writer.Encode();
    }
}
