using System.Text;
using SmimeOperator.Testing;

[assembly: AssemblyFixture(typeof(SmimeOperator.Reconciliation.Tests.Imports.Samples))]

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>
/// What people bring, made by openssl, once for all tests: certificates of Alice with keys of their own as NAME.pem, NAME.key and NAME.p12,
/// and one sample of everything that is refused. Keys and certificates of a NAME belong together.
/// </summary>
public sealed class Samples : IDisposable
{
    public const string Password = "Canary-Sample-51d0c2";

    private const string Configuration = """
        [ca]
        default_ca=authority
        [authority]
        database=index
        serial=serial
        new_certs_dir=.
        policy=anything
        unique_subject=no
        default_md=sha256
        [anything]
        commonName=supplied
        [encryption]
        keyUsage=critical,keyEncipherment
        extendedKeyUsage=emailProtection
        subjectAltName=email:alice@contoso.com
        [agreement]
        keyUsage=critical,keyAgreement
        extendedKeyUsage=emailProtection
        subjectAltName=email:alice@contoso.com
        [signing]
        keyUsage=critical,digitalSignature
        extendedKeyUsage=emailProtection
        subjectAltName=email:alice@contoso.com
        [web]
        keyUsage=critical,digitalSignature,keyEncipherment
        extendedKeyUsage=serverAuth
        subjectAltName=email:alice@contoso.com
        [bob]
        keyUsage=critical,digitalSignature,keyEncipherment
        extendedKeyUsage=emailProtection
        subjectAltName=email:bob@contoso.com
        """;

    private readonly SemaphoreSlim _once = new(1, 1);
    private readonly OpenSsl _ssl = new();
    private bool _made;

    public async Task<Samples> ReadyAsync()
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

    public string Text(string file) => Encoding.ASCII.GetString(_ssl.Read(file));

    public void Dispose()
    {
        _ssl.Dispose();
        _once.Dispose();
    }

    private Task<byte[]> RunAsync(string arguments) => _ssl.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private async Task MakeAsync()
    {
        _ssl.Write("configuration", Encoding.ASCII.GetBytes(Configuration));
        _ssl.Write("password", Encoding.ASCII.GetBytes(Password + "\n"));
        _ssl.Write("index", []);
        await RunAsync("req -x509 -newkey rsa:2048 -nodes -keyout root.key -subj /CN=Root -days 3000 -addext keyUsage=keyCertSign -out root.pem");
        const string Curve = "EC -pkeyopt ec_param_enc:named_curve -pkeyopt ec_paramgen_curve:P-";
        foreach (var (name, algorithm) in ((string, string)[])
            [("2020", "RSA"), ("2021", Curve + "256"), ("2022", Curve + "384"), ("2023", Curve + "521"), ("2024", "RSA"), ("weak", "RSA -pkeyopt rsa_keygen_bits:512"), ("ed25519", "ED25519")])
        {
            await RunAsync($"genpkey -algorithm {algorithm} -out {name}.key");
        }

        foreach (var (year, section) in ((int, string)[])[(2020, "encryption"), (2021, "agreement"), (2022, "agreement"), (2023, "agreement"), (2024, "encryption")])
        {
            await IssueAsync($"{year}", $"{year}", section, $"-startdate {year}0101000000Z -enddate {year + 1}0101000000Z");
        }

        await IssueAsync("signing", "2020", "signing");
        await IssueAsync("expired", "2020", "signing", "-startdate 20200101000000Z -enddate 20210101000000Z");
        await IssueAsync("future", "2020", "encryption", "-startdate 20400101000000Z -enddate 20410101000000Z");
        await IssueAsync("web", "2020", "web");
        await IssueAsync("bob", "2020", "bob");
        await IssueAsync("weak", "weak", "encryption");
        await IssueAsync("sha1", "2020", "signing", "-days 30 -md sha1");
        await IssueAsync("ed25519", "ed25519", "signing");

        await ExportAsync("2020", "-legacy");
        await ExportAsync("2021", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1");
        await ExportAsync("2022", "-certfile root.pem");
        await ExportAsync("rounds", "-iter 600001", "2020");
        await ExportAsync("keyless", "-nokeys", "2020");
        await ExportAsync("ed25519", "");
        await RunAsync("pkcs8 -topk8 -v2 aes-256-cbc -in 2023.key -passout file:password -out 2023.encrypted.key");
    }

    private async Task IssueAsync(string name, string key, string section, string options = "-days 30")
    {
        await RunAsync($"req -new -key {key}.key -subj /CN=Alice -out {name}.csr");
        await RunAsync($"ca -batch -notext -config configuration -cert root.pem -keyfile root.key -rand_serial -in {name}.csr -extensions {section} -out {name}.pem {options}");
    }

    private Task ExportAsync(string name, string options, string? leaf = null) =>
        RunAsync($"pkcs12 -export -inkey {leaf ?? name}.key -in {leaf ?? name}.pem -passout file:password -out {name}.p12 {options}");
}
