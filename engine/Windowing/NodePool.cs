using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Windowing;

/// <summary>Linked deltas in reusable pages: node numbers count from 1, 0 ends a chain.</summary>
internal sealed class NodePool
{
    private const int PageBits = 12;
    private const int PageMask = (1 << PageBits) - 1;

    private readonly List<Node[]> pages = [];
    private int used;
    private int free;

    /// <summary>Nodes in use.</summary>
    public int Count { get; private set; }

    /// <summary>The memory of the pages, bytes.</summary>
    public long Bytes => ((long)pages.Count << PageBits) * Unsafe.SizeOf<Node>();

    public ref Delta this[int node] => ref At(node).Delta;

    /// <summary>Where the number of the node after a node stands.</summary>
    public ref int LinkOf(int node) => ref At(node).Next;

    public int Next(int node) => At(node).Next;

    /// <summary>Puts a delta before a chain and gives the new head.</summary>
    public int Add(Delta delta, int next)
    {
        var node = free;
        if (node != 0)
        {
            free = At(node).Next;
        }
        else
        {
            node = ++used;
            if ((node - 1) >> PageBits == pages.Count)
            {
                pages.Add(new Node[1 << PageBits]);
            }
        }

        At(node) = new Node { Delta = delta, Next = next };
        Count++;
        return node;
    }

    /// <summary>Takes the node a link names out of its chain and gives it back.</summary>
    public void Unlink(ref int link)
    {
        var number = link;
        ref var node = ref At(number);
        link = node.Next;
        node.Next = free;
        free = number;
        Count--;
    }

    /// <summary>Gives a whole chain back.</summary>
    public void Free(int head)
    {
        while (head != 0)
        {
            ref var node = ref At(head);
            var next = node.Next;
            node.Next = free;
            free = head;
            head = next;
            Count--;
        }
    }

    private ref Node At(int node) => ref pages[(node - 1) >> PageBits][(node - 1) & PageMask];

    private struct Node
    {
        public Delta Delta;
        public int Next;
    }
}
