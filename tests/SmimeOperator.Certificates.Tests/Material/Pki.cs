using System.Text;
using SmimeOperator.Certificates.Tests.Material;
using SmimeOperator.Testing;

[assembly: AssemblyFixture(typeof(Pki))]

namespace SmimeOperator.Certificates.Tests.Material;

/// <summary>
/// Certificates and keys made by openssl, once for all tests: a root, an issuer, and for each key type a leaf with its key as NAME.pem and
/// NAME.key. Made when the first test asks, so that a test is skipped where there is no openssl.
/// </summary>
public sealed class Pki : IDisposable
{
    public const string Password = "Correct-Horse-42";
    public const string Mail = "alice@contoso.com";

    private const string Extensions = """
        [issuer]
        basicConstraints=critical,CA:TRUE
        keyUsage=critical,keyCertSign,cRLSign
        [rsa]
        basicConstraints=CA:FALSE
        keyUsage=critical,keyEncipherment
        extendedKeyUsage=emailProtection,clientAuth
        subjectAltName=DNS:ignored.example,email:alice@contoso.com,email:a.smith@contoso.com,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice@corp.contoso.com
        [ec]
        keyUsage=critical,keyAgreement
        extendedKeyUsage=emailProtection
        subjectAltName=email:alice@contoso.com
        [plain]
        basicConstraints=CA:FALSE
        """;

    private readonly SemaphoreSlim _once = new(1, 1);
    private bool _made;
    private int _files;

    public OpenSsl Ssl { get; } = new();

    /// <summary>The passwords' files: an argument would not do for every character.</summary>
    public string PasswordFile(string password)
    {
        var name = NewName("password");
        Ssl.Write(name, Encoding.UTF8.GetBytes(password + "\n"));
        return name;
    }

    public string NewName(string ending) => $"{Interlocked.Increment(ref _files)}.{ending}";

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

    /// <summary>Runs openssl with arguments that hold no spaces of their own.</summary>
    public Task<byte[]> RunAsync(string arguments) => Ssl.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public async Task<string> TextAsync(string arguments) => Encoding.UTF8.GetString(await RunAsync(arguments)).Trim();

    public async Task<byte[]> Pkcs12Async(string leaf, string options = "", string password = Password)
    {
        await ReadyAsync();
        var name = NewName("p12");
        await RunAsync($"pkcs12 -export -inkey {leaf}.key -in {leaf}.pem -passout file:{PasswordFile(password)} -out {name} {options}");
        return Ssl.Read(name);
    }

    public async Task<ConnectorKey> ConnectorKeyAsync(string name = "connector")
    {
        await ReadyAsync();
        return ConnectorKey.Parse(Ssl.Read(name + ".pub"));
    }

    public void Dispose()
    {
        Ssl.Dispose();
        _once.Dispose();
    }

    private async Task MakeAsync()
    {
        Ssl.Write("extensions.cnf", Encoding.ASCII.GetBytes(Extensions));
        foreach (var name in (string[])["root", "issuer", "rsa", "other", "connector"])
        {
            await RunAsync($"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out {name}.key");
        }

        await RunAsync("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve -out ec.key");
        await RunAsync("genpkey -algorithm ED25519 -out ed.key");
        await RunAsync("pkey -in connector.key -pubout -out connector.pub");
        await RunAsync("req -x509 -key root.key -subj /CN=Root -days 30 -addext keyUsage=keyCertSign -out root.pem");
        await IssueAsync("issuer", "root", "/CN=Issuer", "issuer");
        await IssueAsync("rsa", "issuer", "/O=Contoso/CN=Alice/emailAddress=alice.old@contoso.com", "rsa");
        await IssueAsync("ec", "issuer", "/CN=Alice", "ec");
        await IssueAsync("other", "issuer", "/CN=Other", "plain");
        await IssueAsync("ed", "issuer", "/CN=Ed", "plain");
        Ssl.Write("chain.pem", [.. Ssl.Read("issuer.pem"), .. Ssl.Read("root.pem")]);
    }

    private async Task IssueAsync(string name, string issuer, string subject, string section)
    {
        await RunAsync($"req -new -key {name}.key -subj {subject} -out {name}.csr");
        await RunAsync(
            $"x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial -days 20 -extfile extensions.cnf -extensions {section} -out {name}.pem");
    }
}
