using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Serialization;

namespace SmimeOperator.Intune.Models;

/// <summary>
/// A profile of another platform than iOS: trusted certificates and imported certificates, which differ by name and few properties only
/// (Graph beta: androidDeviceOwnerImportedPFXCertificateProfile, macOSTrustedRootCertificate, windows10ImportedPFXCertificateProfile and their kin).
/// </summary>
public sealed class PlatformProfile : DeviceConfiguration
{
    /// <summary>A profile of a type, named without namespace.</summary>
    public PlatformProfile(string type) => OdataType = "#microsoft.graph." + type;

    /// <summary>Texts and enum members by their names in Graph; null is not sent.</summary>
    public IReadOnlyDictionary<string, string?> Texts { get; init; } = new Dictionary<string, string?>();

    /// <summary>Numbers by their names in Graph; null is not sent.</summary>
    public IReadOnlyDictionary<string, int?> Numbers { get; init; } = new Dictionary<string, int?>();

    /// <summary>The trusted certificate, DER; null for a profile that carries none.</summary>
    public byte[]? TrustedRootCertificate { get; init; }

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        foreach (var (name, value) in Texts)
        {
            writer.WriteStringValue(name, value);
        }

        foreach (var (name, value) in Numbers)
        {
            writer.WriteIntValue(name, value);
        }

        writer.WriteByteArrayValue("trustedRootCertificate", TrustedRootCertificate);
    }
}
