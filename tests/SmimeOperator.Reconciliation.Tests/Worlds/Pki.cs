using System.Text;
using SmimeOperator.Testing;

[assembly: AssemblyFixture(typeof(SmimeOperator.Reconciliation.Tests.Worlds.Pki))]

namespace SmimeOperator.Reconciliation.Tests.Worlds;

/// <summary>Certificates and keys made by openssl, once for all tests: NAME.pem, all of one leaf key; NAME.p12; connector keys; a root.</summary>
public sealed class Pki : IDisposable
{
    /// <summary>Protects every PKCS#12 file; it must never be seen anywhere.</summary>
    public const string Password = "Canary-Password-7f3a91";

    private const string Extensions = """
        [encryption]
        keyUsage=critical,keyEncipherment
        extendedKeyUsage=emailProtection
        subjectAltName=email:alice@contoso.com
        [signing]
        keyUsage=critical,digitalSignature
        extendedKeyUsage=emailProtection
        subjectAltName=email:alice@contoso.com
        [both]
        keyUsage=critical,digitalSignature,keyEncipherment
        extendedKeyUsage=emailProtection
        subjectAltName=email:alice@contoso.com
        [authority]
        basicConstraints=critical,CA:true
        keyUsage=critical,keyCertSign
        [bob]
        keyUsage=critical,keyEncipherment
        extendedKeyUsage=emailProtection
        subjectAltName=email:bob@contoso.com
        """;

    private readonly SemaphoreSlim _once = new(1, 1);
    private readonly OpenSsl _ssl = new();
    private bool _made;
    private int _files;

    public async Task<Pki> ReadyAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_made)
            {
                await MakeAsync();
                _made = true;
            }

            return this;
        }
        finally
        {
            _once.Release();
        }
    }

    public byte[] Bytes(string file) => _ssl.Read(file);

    public string Pem(string file) => Encoding.ASCII.GetString(_ssl.Read(file));

    public async Task<string> ThumbprintAsync(string name) => Thumbprint(await RunAsync($"x509 -in {name}.pem -noout -fingerprint -sha1"));

    public Task<byte[]> DerAsync(string name) => RunAsync($"x509 -in {name}.pem -outform DER");

    /// <summary>Does what the connector and the device do: opens the password with the connector's key, then the PKCS#12 file with the password.</summary>
    /// <returns>The thumbprint of the certificate whose private key is in the file.</returns>
    public async Task<string> OpenAsync(byte[] pfx, byte[] encryptedPassword, string connector = "connector")
    {
        var name = $"upload{Interlocked.Increment(ref _files)}";
        _ssl.Write(name + ".p12", pfx);
        _ssl.Write(name + ".enc", encryptedPassword);
        var password = await RunAsync(
            $"pkeyutl -decrypt -inkey {connector}.key -in {name}.enc -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha512 -pkeyopt rsa_mgf1_md:sha512");
        _ssl.Write(name + ".pw", [.. password, (byte)'\n']);
        await RunAsync($"pkcs12 -in {name}.p12 -passin file:{name}.pw -nodes -clcerts -out {name}.pem");
        var inFile = await RunAsync($"pkey -in {name}.pem -pubout");
        var inCertificate = await RunAsync($"x509 -in {name}.pem -noout -pubkey");
        Encoding.ASCII.GetString(inFile).ShouldBe(Encoding.ASCII.GetString(inCertificate));
        return await ThumbprintAsync(name);
    }

    public void Dispose()
    {
        _ssl.Dispose();
        _once.Dispose();
    }

    private static string Thumbprint(byte[] output) =>
        Encoding.ASCII.GetString(output).Trim().Split('=')[1].Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();

    private Task<byte[]> RunAsync(string arguments) => _ssl.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private async Task MakeAsync()
    {
        _ssl.Write("extensions.cnf", Encoding.ASCII.GetBytes(Extensions));
        _ssl.Write("password", Encoding.ASCII.GetBytes(Password + "\n"));
        await Task.WhenAll(((string[])["leaf", "connector", "connector2"]).Select(k => RunAsync($"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out {k}.key")));
        await RunAsync("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve -out root.key");
        await RunAsync("pkey -in connector.key -pubout -out connector.pub");
        await RunAsync("pkey -in connector2.key -pubout -out connector2.pub");
        await RunAsync("req -x509 -key root.key -subj /CN=Root -days 300 -addext keyUsage=keyCertSign -out root.pem");
        await RunAsync("req -x509 -key root.key -subj /CN=Second -days 300 -addext keyUsage=keyCertSign -out second.pem");
        await RunAsync("req -new -key root.key -subj /CN=Issuing -out issuing.csr");
        await RunAsync("x509 -req -in issuing.csr -CA root.pem -CAkey root.key -CAcreateserial -days 300 -extfile extensions.cnf -extensions authority -out issuing.pem");
        await RunAsync("req -new -key leaf.key -subj /CN=Alice -out leaf.csr");
        foreach (var (name, section, days) in ((string, string, int)[])
            [("old", "encryption", 100), ("current", "encryption", 200), ("renewed", "encryption", 300), ("ending", "encryption", 10), ("signing", "signing", 200), ("both", "both", 200), ("bob", "bob", 200)])
        {
            await RunAsync($"x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days {days} -extfile extensions.cnf -extensions {section} -out {name}.pem");
            await RunAsync($"pkcs12 -export -inkey leaf.key -in {name}.pem -passout file:password -out {name}.p12");
        }
    }
}
