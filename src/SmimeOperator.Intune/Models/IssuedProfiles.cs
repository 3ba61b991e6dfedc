using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Serialization;

namespace SmimeOperator.Intune.Models;

/// <summary>What profiles that issue one certificate per device have in common (Graph iosCertificateProfileBase, beta).</summary>
public abstract class IosIssuedCertificateProfile : DeviceConfiguration
{
    /// <summary>The subject, with variables.</summary>
    public string? SubjectNameFormatString { get; set; }

    /// <summary>The subject alternative names, with variables.</summary>
    public IReadOnlyList<CustomSubjectAlternativeName> SubjectAlternativeNames { get; set; } = [];

    /// <summary>How many units certificates are valid.</summary>
    public int? ValidityPeriodValue { get; set; }

    /// <summary>days, months or years.</summary>
    public string? ValidityPeriodScale { get; set; }

    /// <summary>Percent of the validity that is left when the device renews.</summary>
    public int? RenewalThresholdPercentage { get; set; }

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        // S/MIME is a person's: a machine's certificate could sign for nobody.
        writer.WriteStringValue("certificateStore", "user");
        writer.WriteStringValue("subjectNameFormat", "custom");
        writer.WriteStringValue("subjectNameFormatString", SubjectNameFormatString);
        writer.WriteCollectionOfObjectValues("customSubjectAlternativeNames", SubjectAlternativeNames);
        writer.WriteIntValue("certificateValidityPeriodValue", ValidityPeriodValue);
        writer.WriteStringValue("certificateValidityPeriodScale", ValidityPeriodScale);
        writer.WriteIntValue("renewalThresholdPercentage", RenewalThresholdPercentage);
    }
}

/// <summary>A profile whose certificates the connector fetches from a certification authority (Graph iosPkcsCertificateProfile, beta).</summary>
public sealed class IosPkcsCertificateProfile : IosIssuedCertificateProfile
{
    /// <summary>An empty profile of the right type.</summary>
    public IosPkcsCertificateProfile() => OdataType = "#microsoft.graph.iosPkcsCertificateProfile";

    /// <summary>The certification authority's server.</summary>
    public string? CertificationAuthority { get; set; }

    /// <summary>The certification authority's name.</summary>
    public string? CertificationAuthorityName { get; set; }

    /// <summary>The template.</summary>
    public string? CertificateTemplateName { get; set; }

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        writer.WriteStringValue("certificationAuthority", CertificationAuthority);
        writer.WriteStringValue("certificationAuthorityName", CertificationAuthorityName);
        writer.WriteStringValue("certificateTemplateName", CertificateTemplateName);
    }
}

/// <summary>A profile whose certificates devices fetch by SCEP (Graph iosScepCertificateProfile, beta).</summary>
public sealed class IosScepCertificateProfile : IosIssuedCertificateProfile
{
    /// <summary>An empty profile of the right type.</summary>
    public IosScepCertificateProfile() => OdataType = "#microsoft.graph.iosScepCertificateProfile";

    /// <summary>The SCEP servers.</summary>
    public IReadOnlyList<string> ScepServerUrls { get; set; } = [];

    /// <summary>size1024, size2048 or size4096.</summary>
    public string? KeySize { get; set; }

    /// <summary>Flags: digitalSignature, keyEncipherment.</summary>
    public string? KeyUsage { get; set; }

    /// <summary>What the certificates are for.</summary>
    public IReadOnlyList<ExtendedKeyUsage> ExtendedKeyUsages { get; set; } = [];

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        writer.WriteCollectionOfPrimitiveValues("scepServerUrls", ScepServerUrls);
        writer.WriteStringValue("keySize", KeySize);
        writer.WriteStringValue("keyUsage", KeyUsage);
        writer.WriteCollectionOfObjectValues("extendedKeyUsages", ExtendedKeyUsages);
    }
}

/// <summary>An extended key usage (Graph extendedKeyUsage).</summary>
/// <param name="Name">As the portal shows it.</param>
/// <param name="ObjectIdentifier">Its object identifier.</param>
public sealed record ExtendedKeyUsage(string Name, string ObjectIdentifier) : IParsable
{
    /// <inheritdoc/>
    public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Serialize(ISerializationWriter writer)
    {
        writer.WriteStringValue("name", Name);
        writer.WriteStringValue("objectIdentifier", ObjectIdentifier);
    }
}

/// <summary>A subject alternative name (Graph customSubjectAlternativeName).</summary>
/// <param name="SanType">emailAddress, userPrincipalName, domainNameService or universalResourceIdentifier.</param>
/// <param name="Name">The name, with variables.</param>
public sealed record CustomSubjectAlternativeName(string SanType, string Name) : IParsable
{
    /// <inheritdoc/>
    public IDictionary<string, Action<IParseNode>> GetFieldDeserializers() => new Dictionary<string, Action<IParseNode>>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Serialize(ISerializationWriter writer)
    {
        writer.WriteStringValue("sanType", SanType);
        writer.WriteStringValue("name", Name);
    }
}
