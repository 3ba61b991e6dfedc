using System.Security.Cryptography;
using System.Text;

namespace SmimeOperator.TenantSimulator;

/// <summary>What a client uploaded with a userPfxCertificate: the two fields that Graph never gives back.</summary>
public sealed class StoredPfx
{
    private readonly RSA? _connectorKey;

    internal StoredPfx(byte[] blob, byte[] encryptedPassword, string paddingScheme, RSA? connectorKey)
    {
        Blob = blob;
        EncryptedPassword = encryptedPassword;
        PaddingScheme = paddingScheme;
        _connectorKey = connectorKey;
    }

    /// <summary>The PFX file's bytes.</summary>
    public byte[] Blob { get; }

    /// <summary>The RSA ciphertext of the password.</summary>
    public byte[] EncryptedPassword { get; }

    /// <summary>The padding scheme that the record names.</summary>
    public string PaddingScheme { get; }

    /// <summary>Does what the connector does: opens the password with its private key, one byte per character.</summary>
    /// <exception cref="InvalidOperationException">No connector key was handed in.</exception>
    /// <exception cref="CryptographicException">The password was encrypted to another key or with another padding.</exception>
    public string DecryptPassword()
    {
        if (_connectorKey is null)
        {
            throw new InvalidOperationException($"Set {nameof(SimulatorOptions)}.{nameof(SimulatorOptions.ConnectorPrivateKeyPem)} first.");
        }

        var padding = PaddingScheme switch
        {
            "oaepSha256" => RSAEncryptionPadding.OaepSHA256,
            "oaepSha384" => RSAEncryptionPadding.OaepSHA384,
            "oaepSha512" => RSAEncryptionPadding.OaepSHA512,
            _ => throw new CryptographicException($"The connector does not use {PaddingScheme}."),
        };
        lock (_connectorKey)
        {
            return Encoding.Latin1.GetString(_connectorKey.Decrypt(EncryptedPassword, padding));
        }
    }
}
