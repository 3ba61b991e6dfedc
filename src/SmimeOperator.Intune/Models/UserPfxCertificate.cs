using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Serialization;

namespace SmimeOperator.Intune.Models;

/// <summary>The record that carries an imported certificate to the service (Graph userPFXCertificate, beta). Never read back: blob and password return empty.</summary>
public sealed class UserPfxCertificate : Entity
{
    /// <summary>An empty record of the right type.</summary>
    public UserPfxCertificate() => OdataType = "#microsoft.graph.userPFXCertificate";

    /// <summary>SHA-1 of the certificate, 40 hexadecimal digits, lower case. The service does not check it; a wrong one makes the record undeletable.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>smimeEncryption or smimeSigning.</summary>
    public required string IntendedPurpose { get; init; }

    /// <summary>The user.</summary>
    public required string UserPrincipalName { get; init; }

    /// <summary>Start of validity.</summary>
    public required DateTimeOffset StartDateTime { get; init; }

    /// <summary>End of validity.</summary>
    public required DateTimeOffset ExpirationDateTime { get; init; }

    /// <summary>The connector's key storage provider.</summary>
    public required string ProviderName { get; init; }

    /// <summary>The connector's key.</summary>
    public required string KeyName { get; init; }

    /// <summary>oaepSha256, oaepSha384 or oaepSha512.</summary>
    public required string PaddingScheme { get; init; }

    /// <summary>The PFX file's bytes.</summary>
    public required byte[] EncryptedPfxBlob { get; init; }

    /// <summary>The password, encrypted to the connector key.</summary>
    public required byte[] EncryptedPfxPassword { get; init; }

    /// <summary>When the record is made; the service demands both times.</summary>
    public required DateTimeOffset CreatedDateTime { get; init; }

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        writer.WriteStringValue("thumbprint", Thumbprint);
        writer.WriteStringValue("intendedPurpose", IntendedPurpose);
        writer.WriteStringValue("userPrincipalName", UserPrincipalName);
        writer.WriteDateTimeOffsetValue("startDateTime", StartDateTime);
        writer.WriteDateTimeOffsetValue("expirationDateTime", ExpirationDateTime);
        writer.WriteStringValue("providerName", ProviderName);
        writer.WriteStringValue("keyName", KeyName);
        writer.WriteStringValue("paddingScheme", PaddingScheme);
        writer.WriteStringValue("encryptedPfxBlob", Convert.ToBase64String(EncryptedPfxBlob));
        writer.WriteStringValue("encryptedPfxPassword", Convert.ToBase64String(EncryptedPfxPassword));
        writer.WriteDateTimeOffsetValue("createdDateTime", CreatedDateTime);
        writer.WriteDateTimeOffsetValue("lastModifiedDateTime", CreatedDateTime);
    }
}
