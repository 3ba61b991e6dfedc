using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.ConnectorKeys;

public sealed class ConnectorKeyTests(Pki pki)
{
    [Fact]
    public async Task Both_file_forms_are_the_same_key()
    {
        var pem = await pki.ConnectorKeyAsync();
        var blob = ConnectorKey.Parse(await BlobAsync());
        await pki.RunAsync("pkey -in connector.key -pubout -outform DER -out connector.der");

        blob.Fingerprint.ShouldBe(pem.Fingerprint);
        blob.Fingerprint.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(pki.Ssl.Read("connector.der"))));
        blob.KeySize.ShouldBe(2048);
    }

    [Theory]
    [InlineData(OaepHash.Sha256, 190)]
    [InlineData(OaepHash.Sha384, 158)]
    [InlineData(OaepHash.Sha512, 126)]
    public async Task The_longest_password_fits_and_openssl_reads_it(OaepHash hash, int longest)
    {
        var key = ConnectorKey.Parse(await BlobAsync());
        var password = string.Create(longest, 0, static (text, _) => RandomNumberGenerator.GetItems<char>("aZ9~ \u00e9\u00ff", text));

        key.MaxPasswordLength(hash).ShouldBe(longest);
        var file = pki.NewName("encrypted");
        pki.Ssl.Write(file, key.Encrypt(password, hash));
        var digest = hash.ToString().ToLowerInvariant();
        var clear = await pki.RunAsync(
            $"pkeyutl -decrypt -inkey connector.key -in {file} -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:{digest} -pkeyopt rsa_mgf1_md:{digest}");

        clear.ShouldBe(Encoding.Latin1.GetBytes(password));
        Should.Throw<ArgumentException>(() => key.Encrypt(password + "x", hash));
    }

    [Fact]
    public async Task A_character_that_the_connector_would_corrupt_is_refused_without_being_shown()
    {
        var key = await pki.ConnectorKeyAsync();
        Should.Throw<ArgumentException>(() => key.Encrypt("secret\u0100", OaepHash.Sha512)).ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task Many_threads_share_a_key()
    {
        var key = await pki.ConnectorKeyAsync();
        using var decryptor = RSA.Create();
        decryptor.ImportFromPem(Encoding.ASCII.GetString(pki.Ssl.Read("connector.key")));
        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(
            () => (number, key.Encrypt($"password {number}", OaepHash.Sha512)), TestContext.Current.CancellationToken)));

        foreach (var (number, encrypted) in all)
        {
            Encoding.ASCII.GetString(decryptor.Decrypt(encrypted, RSAEncryptionPadding.OaepSHA512)).ShouldBe($"password {number}");
        }
    }

    [Fact]
    public async Task Every_length_of_the_blob_is_checked()
    {
        var blob = await BlobAsync();
        blob.Length.ShouldBe(283);
        for (var length = 0; length < blob.Length; length++)
        {
            Refused(blob.AsSpan(0, length).ToArray());
        }

        Refused([.. blob, 0]);
        for (var offset = 0; offset < 24; offset++)
        {
            var changed = blob.ToArray();
            changed[offset] ^= 0x41;
            Refused(changed);
        }
    }

    [Fact]
    public async Task What_people_give_instead_is_answered_with_the_fix()
    {
        await pki.ReadyAsync();
        await pki.RunAsync("rsa -in connector.key -RSAPublicKey_out -out pkcs1.pub");
        await pki.RunAsync("pkey -in connector.key -traditional -out pkcs1.key");
        await pki.RunAsync("pkey -in connector.key -pubout -outform DER -out spki.der");
        await pki.RunAsync("pkey -in ec.key -pubout -out ec.pub");
        await pki.RunAsync("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out small.key");
        await pki.RunAsync("pkey -in small.key -pubout -out small.pub");
        var blob = await BlobAsync();

        Refused(pki.Ssl.Read("pkcs1.pub")).ShouldContain("-RSAPublicKey_in");
        Refused(pki.Ssl.Read("rsa.pem")).ShouldContain("-pubkey");
        Refused(pki.Ssl.Read("connector.key")).ShouldContain("private key");
        Refused(pki.Ssl.Read("pkcs1.key")).ShouldContain("private key");
        Refused([.. "RSA2"u8, .. blob[4..]]).ShouldContain("private key");
        Refused(pki.Ssl.Read("spki.der")).ShouldContain("-inform DER");
        Refused(pki.Ssl.Read("ec.pub")).ShouldContain("no RSA key");
        Refused(pki.Ssl.Read("small.pub")).ShouldContain("1024 bits");
        Refused(Encoding.ASCII.GetBytes(Convert.ToBase64String(blob))).ShouldContain("base64");
        Refused([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("-----BEGIN PUBLIC KEY-----")]).ShouldContain("UTF-16");
        Refused([.. pki.Ssl.Read("connector.pub"), .. pki.Ssl.Read("connector.pub")]).ShouldContain("several");
        Refused(pki.Ssl.Read("connector.pub").AsSpan(0, 100).ToArray()).ShouldContain("incomplete");
        Refused([]).ShouldContain("empty");
    }

    private static string Refused(byte[] file) => Should.Throw<ConnectorKeyException>(() => ConnectorKey.Parse(file)).Message;

    /// <summary>The blob from openssl's own words, not from the code under test.</summary>
    private async Task<byte[]> BlobAsync()
    {
        await pki.ReadyAsync();
        var modulus = Convert.FromHexString((await pki.TextAsync("rsa -pubin -in connector.pub -noout -modulus")).Split('=')[1]);
        (await pki.TextAsync("rsa -pubin -in connector.pub -noout -text")).ShouldContain("Exponent: 65537");
        byte[] exponent = [1, 0, 1];
        var blob = new byte[24 + exponent.Length + modulus.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(blob, 0x31415352);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(4), modulus.Length * 8);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(8), exponent.Length);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(12), modulus.Length);
        exponent.CopyTo(blob, 24);
        modulus.CopyTo(blob, 27);
        return blob;
    }
}
