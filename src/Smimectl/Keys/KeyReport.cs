using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace Smimectl;

/// <summary>What is known of a connector's public key.</summary>
internal sealed record KeyReport
{
    public required string File { get; init; }

    /// <summary>RSAPUBLICBLOB or PEM SubjectPublicKeyInfo.</summary>
    public required string Format { get; init; }

    /// <summary>Bits of the modulus.</summary>
    public required int Bits { get; init; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, as status.connectorKeyFingerprint shows it.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The longest password that it carries with each padding, in characters.</summary>
    public required IReadOnlyDictionary<string, int> PasswordCharacters { get; init; }

    /// <summary>What the folder's Tenants say; empty where no folder was named.</summary>
    public IReadOnlyList<TenantKey> Tenants { get; init; } = [];

    /// <summary>Looks at a key.</summary>
    public static KeyReport Of(string file, ReadOnlySpan<byte> content, ConnectorKey key, IReadOnlyList<TenantKey> tenants) => new()
    {
        File = file,
        Format = content.StartsWith("RSA1"u8) ? "RSAPUBLICBLOB" : "PEM SubjectPublicKeyInfo",
        Bits = key.KeySize,
        Fingerprint = key.Fingerprint,
        PasswordCharacters = Paddings.All.ToDictionary(p => p.Scheme.ToString(), p => key.MaxPasswordLength(p.Hash)),
        Tenants = tenants,
    };

    /// <summary>Writes it for people.</summary>
    public void Write(Ink ink, TextWriter output)
    {
        output.WriteLine(ink.Bold($"{File}: {Format}, RSA with {Bits.ToString(CultureInfo.InvariantCulture)} bits"));
        output.WriteLine($"  fingerprint     {Fingerprint}");
        output.WriteLine($"  carries         {string.Join(", ", PasswordCharacters.Select(p => $"{p.Value} characters with {p.Key}"))}");
        TenantKey.Write(Tenants, ink, output);
        if (Tenants.Count == 0)
        {
            var name = Format == "RSAPUBLICBLOB" ? "connector.pub" : "public.pem";
            output.WriteLine("It fits these fields of a Tenant:");
            output.WriteLine($"""
                  connectorKey:
                    keyName: PFXEncryptionKey        # as on the connector's server
                    paddingScheme: {nameof(KeyPadding.OaepSha512)}        # or {nameof(KeyPadding.OaepSha384)}, {nameof(KeyPadding.OaepSha256)}
                    publicKeyRef: {"{"}kind: ConfigMap, name: intune-connector-key, key: {name}{"}"}
                with
                  kubectl create configmap intune-connector-key --from-file={name}={(File == ReportOptions.StandardInput ? "FILE" : File)}
                """);
        }
    }
}
