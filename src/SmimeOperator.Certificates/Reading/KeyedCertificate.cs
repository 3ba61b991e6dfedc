using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>A leaf certificate with its private key, and the chain that came with it. Holds key material: dispose it as soon as it was packaged.</summary>
public sealed class KeyedCertificate : IDisposable
{
    private readonly X509Certificate2 _leaf;
    private readonly AsymmetricAlgorithm _key;
    private readonly IReadOnlyList<X509Certificate2> _chain;
    private readonly Pkcs12Source? _source;
    private bool _disposed;

    /// <summary>Takes over everything it is given.</summary>
    internal KeyedCertificate(
        X509Certificate2 leaf, AsymmetricAlgorithm key, IReadOnlyList<X509Certificate2> chain, CertificateFacts facts, Pkcs12Source? source, int keysInSource)
    {
        _leaf = leaf;
        _key = key;
        _chain = chain;
        _source = source;
        Facts = facts;
        KeysInSource = keysInSource;
    }

    /// <summary>What the certificate says of itself.</summary>
    public CertificateFacts Facts { get; }

    /// <summary>How many certificates with keys the source holds, this one among them.</summary>
    public int KeysInSource { get; }

    /// <summary>Distinguished name of who signed it.</summary>
    public string Issuer => Leaf.Issuer;

    /// <summary>Distinguished names of the certificates that came with the leaf, from its issuer upwards.</summary>
    public IReadOnlyList<string> ChainSubjects => [.. Chain.Select(certificate => certificate.Subject)];

    /// <summary>How many certificates came with the leaf.</summary>
    public int ChainLength => _chain.Count;

    internal X509Certificate2 Leaf => Alive(_leaf);

    internal AsymmetricAlgorithm Key => Alive(_key);

    internal IReadOnlyList<X509Certificate2> Chain => Alive(_chain);

    /// <summary>The file it was read from, or null where the source is a key pair or holds several keys.</summary>
    internal Pkcs12Source? Source
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _source;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _source?.Dispose();
        _key.Dispose();
        _leaf.Dispose();
        foreach (var certificate in _chain)
        {
            certificate.Dispose();
        }
    }

    private T Alive<T>(T value)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return value;
    }
}
