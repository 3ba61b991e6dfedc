using System.Globalization;
using System.Text;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Histories;

/// <summary>What openssl says of a certificate that it issued.</summary>
internal sealed record IssuedCertificate(string Thumbprint, DateTimeOffset NotBefore, DateTimeOffset NotAfter);

/// <summary>A certification authority made of openssl, which writes Secrets.</summary>
internal sealed class IssuedByOpenSsl : IDisposable
{
    private const string Configuration = """
        [ca]
        default_ca = authority
        [authority]
        database = index.txt
        new_certs_dir = .
        rand_serial = yes
        certificate = root.pem
        private_key = root.key
        default_md = sha256
        policy = any
        unique_subject = no
        [any]
        commonName = supplied
        [leaf]
        basicConstraints = critical,CA:FALSE
        keyUsage = critical,keyEncipherment
        extendedKeyUsage = emailProtection
        subjectAltName = email:$ENV::ADDRESS
        """;

    private readonly OpenSsl _openSsl = new();
    private bool _isReady;

    /// <summary>Issues a certificate for encryption, and gives back the manifest of a Secret that holds it.</summary>
    public async Task<(IssuedCertificate Certificate, string Secret)> IssueAsync(string secret, string address, string start, string end, string annotations = "")
    {
        if (!_isReady)
        {
            await RunAsync("req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650 -subj /CN=Authority");
            _openSsl.Write("index.txt", []);
            _isReady = true;
        }

        _openSsl.Write("ca.cnf", Encoding.ASCII.GetBytes(Configuration.Replace("$ENV::ADDRESS", address, StringComparison.Ordinal)));
        await RunAsync($"req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN={secret}");
        await RunAsync($"ca -batch -notext -config ca.cnf -extensions leaf -in leaf.csr -out leaf.pem -startdate {start} -enddate {end}");
        await RunAsync("pkcs12 -export -in leaf.pem -inkey leaf.key -out leaf.p12 -passout pass:secret");
        var manifest = $"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {secret}\n{annotations}data:\n  keystore.p12: {Convert.ToBase64String(_openSsl.Read("leaf.p12"))}\nstringData:\n  password: secret\n";
        var lines = Encoding.ASCII.GetString(await RunAsync("x509 -in leaf.pem -noout -fingerprint -sha1 -startdate -enddate")).Split('\n');
        return (new IssuedCertificate(Value(lines[0]).Replace(":", "", StringComparison.Ordinal).ToLowerInvariant(), Time(lines[1]), Time(lines[2])), manifest);
    }

    public void Dispose() => _openSsl.Dispose();

    private Task<byte[]> RunAsync(string arguments) => _openSsl.RunAsync(arguments.Split(' '));

    private static string Value(string line) => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim();

    private static DateTimeOffset Time(string line) => DateTimeOffset.ParseExact(
        Value(line), ["MMM dd HH:mm:ss yyyy 'GMT'", "MMM  d HH:mm:ss yyyy 'GMT'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
