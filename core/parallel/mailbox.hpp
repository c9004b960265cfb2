#pragma once
#include <mpi.h>

#include <functional>
#include <list>
#include <string>

namespace ister::core {

/// Bytes from any rank of a communicator to any other, now and then and without anybody waiting: messages are taken
/// when their receiver looks. The communicator carries nothing else meanwhile.
class Mailbox {
 public:
  /// `use` gets each message on its receiver; it must not throw.
  Mailbox(MPI_Comm comm, std::function<void(std::string)> use);
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// InputError where a message is longer than MPI counts (2 GB).
  void send(int rank, std::string bytes);
  /// Takes the messages that have come.
  void look();
  /// Returns when all messages of all ranks are taken and used. Collective.
  void finish();

 private:
  struct Sent {
    std::string bytes;
    MPI_Request request;
  };

  MPI_Comm m_comm;
  std::function<void(std::string)> m_use;
  int m_rank = 0;
  std::list<Sent> m_sent;  ///< that may not have been taken yet
};

}  // namespace ister::core
