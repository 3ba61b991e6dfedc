using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Serialization;

namespace SmimeOperator.Intune.Models;

/// <summary>A trusted root or intermediate certificate for iOS (Graph iosTrustedRootCertificate, beta).</summary>
public sealed class IosTrustedRootCertificate : DeviceConfiguration
{
    /// <summary>An empty profile of the right type.</summary>
    public IosTrustedRootCertificate() => OdataType = "#microsoft.graph.iosTrustedRootCertificate";

    /// <summary>The file name that the portal shows.</summary>
    public string? CertFileName { get; set; }

    /// <summary>The certificate, DER.</summary>
    public byte[]? TrustedRootCertificate { get; set; }

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        writer.WriteStringValue("certFileName", CertFileName);
        writer.WriteByteArrayValue("trustedRootCertificate", TrustedRootCertificate);
    }
}

/// <summary>The profile that delivers a user's imported certificates of one purpose to iOS (Graph iosImportedPFXCertificateProfile, beta).</summary>
public sealed class IosImportedPfxCertificateProfile : DeviceConfiguration
{
    /// <summary>An empty profile of the right type.</summary>
    public IosImportedPfxCertificateProfile() => OdataType = "#microsoft.graph.iosImportedPFXCertificateProfile";

    /// <summary>smimeEncryption or smimeSigning; fixed at creation.</summary>
    public string? IntendedPurpose { get; set; }

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        writer.WriteStringValue("intendedPurpose", IntendedPurpose);
    }
}

/// <summary>The profile that brings derived credentials of the tenant's issuer to iOS (Graph iosDerivedCredentialAuthenticationConfiguration, beta).</summary>
public sealed class IosDerivedCredentialProfile : DeviceConfiguration
{
    /// <summary>A profile of the right type; which issuer it is for says its reference derivedCredentialSettings.</summary>
    public IosDerivedCredentialProfile() => OdataType = "#microsoft.graph.iosDerivedCredentialAuthenticationConfiguration";
}
